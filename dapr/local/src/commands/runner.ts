import { runApp } from '../runner/run-app';
import { Problem } from '../settings/problem';
import type { Command } from './command';

export const command: Command = {
  summary: 'Keeps one app running under `dapr run` and drains it on stop',
  usage: 'runner -- <command of the app>',
  takes: { program: true },
  async run(words) {
    const app = words.slice(words.indexOf('--') + 1);
    if (words[0] !== '--' || app.length === 0)
      throw new Problem('Say what to run: runner -- node services/orders/dist/main.js');
    return runApp(app);
  },
};
