import type { Command } from './command';
import { runLauncher } from './run-launcher';

export const command: Command = {
  summary: 'Does what run does, and puts what you save to work at once',
  usage: `dev

Services: compiled as you save (tsc --watch); each that has changed is drained and started again. Web client: next dev,
behind the same address, which reloads the browser. Environment: that of run.`,
  run: () => runLauncher({ reload: true }),
};
