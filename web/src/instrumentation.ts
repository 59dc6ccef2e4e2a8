/** Runs once, before the server takes requests. Next builds this file for other runtimes too, hence the imports inside. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { checkConfiguration } = await import('./server/check-configuration');
  checkConfiguration();
  const { rememberResponses } = await import('./server/answer-status');
  rememberResponses();
}
