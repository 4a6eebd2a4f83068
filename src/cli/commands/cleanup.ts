import type { CliCommand } from './command.ts';

export const cleanup: CliCommand = {
  name: 'cleanup',
  description: 'remove what a killed run left behind',
  examples: [
    ['tune cleanup --dry-run', 'what killed runs left here'],
    ['tune cleanup --run 3fk29a', 'all of one run'],
    ['tune cleanup --older-than 12h --region eu-west-1', 'what yesterday left'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runCleanup } = await import('../../commands/cleanup/cleanup.ts');
    return ({ flags, io }) => runCleanup(flags, io);
  },
};
