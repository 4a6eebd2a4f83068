import type { CliCommand } from './command.ts';

export const migrate: CliCommand = {
  name: 'migrate',
  description: 'ready for Graviton, and what does it bring?',
  examples: [
    ['tune migrate -f orders --preflight-only', 'are all files ready?'],
    ['tune migrate -f orders --max-spend-usd 1', 'measured side by side'],
    ['tune migrate -f orders --arm64-code arm.zip', 'another build'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runMigrate } = await import('../../commands/migrate/migrate.ts');
    return ({ flags, io }) => runMigrate(flags, io);
  },
};
