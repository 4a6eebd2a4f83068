import type { CliCommand } from './command.ts';

export const baseline: CliCommand = {
  name: 'baseline',
  description: 'a run that check --baseline can decide with',
  examples: [
    ['tune baseline -f orders --report json=base.json', 'what is deployed'],
    ['tune baseline -f ./build --report json=base.json', 'of a folder, here'],
    ['tune baseline --max-spend-usd 1', 'of all in tune.config.json'],
  ],
  notes: `
Without --function: a new baseline for each of "functions" in tune.config.json,
written to the file that its "baseline" names.`,
  isSlowToLoad: true,
  async load() {
    const { runBaseline } = await import('../../commands/check/baseline.ts');
    return ({ flags, io }) => runBaseline(flags, io);
  },
};
