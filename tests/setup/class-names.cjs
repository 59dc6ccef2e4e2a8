// Stands in for CSS modules, which jest cannot compile: every class is called as it is written.
module.exports = new Proxy({}, { get: (_classes, name) => (name === '__esModule' ? false : String(name)) });
