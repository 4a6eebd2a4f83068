import type { CliCommand } from './command.ts';

export const apply: CliCommand = {
  name: 'apply',
  description: 'the answer as a diff of the template',
  argument: { name: 'run.json', description: 'a saved run or migration; - for standard input' },
  examples: [
    ['tune apply run.json', 'the diff'],
    ['tune apply run.json --write', 'written, after a question'],
    ['tune apply run.json --check', 'for CI: 1 when the file lacks it'],
    ['tune apply run.json --file a.tf', 'of this file, not searched for'],
  ],
  notes: `
Exit codes: 0 the diff is shown, or written, or not needed · 1 with --check: the
            file does not have the answer · 2 no one definition, or one that is
            not to be edited`,
  async load() {
    const { runApply } = await import('../../commands/apply/apply.ts');
    return ({ argument, flags, io }) => runApply(argument, flags, io);
  },
};
