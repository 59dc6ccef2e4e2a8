// Loaded into every app by its runner (`node --require`). `dapr run` kills runners outright when it is stopped without
// our launcher; an app that has lost its runner then asks itself to drain, or it would hold its port for ever.
const parentPid = process.ppid;
const lookEveryMs = 500;

const look = setInterval(() => {
  if (process.ppid === parentPid) return;
  clearInterval(look);
  process.kill(process.pid, 'SIGTERM');
}, lookEveryMs);
look.unref();
