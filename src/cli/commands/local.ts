import type { CliCommand } from './command.ts';

export const local: CliCommand = {
  name: 'local',
  description: 'keep the embedded Lambda endpoint running',
  examples: [
    ['tune local', 'on a free port'],
    ['tune local --port 9001 --region eu-central-1', 'at a fixed place'],
    ['tune -f hello --endpoint-url http://127.0.0.1:9001', 'measures there'],
  ],
  async load() {
    const { runLocal } = await import('../../commands/local/local.ts');
    return ({ flags, io }) => runLocal(flags, io);
  },
};
