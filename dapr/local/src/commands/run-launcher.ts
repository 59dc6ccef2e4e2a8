import { launch } from '../launcher/launch';
import { loadEnvFile } from '../settings/load-env-file';
import { forgetSecrets, readSettings } from '../settings/read-settings';

/** What `run` and `dev` share. @param reload whether what is saved is put to work at once @returns the exit code */
export async function runLauncher({ reload }: { reload: boolean }): Promise<number> {
  loadEnvFile();
  const settings = readSettings(process.env);
  forgetSecrets(process.env);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
  try {
    await launch({
      settings,
      reload,
      say: (line) => void process.stdout.write(`${line}\n`),
      stopRequest: stop.signal,
      env: process.env,
    });
  } catch (error) {
    // What was under way when it was asked to stop ends with an error that is no news.
    if (!stop.signal.aborted) throw error;
  }
  return 0;
}
