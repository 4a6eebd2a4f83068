import type { CliCommand } from './command.ts';

export const apply: CliCommand = {
  name: 'apply',
  description: 'put the answer into the template: a diff first, never the live function',
  argument: { name: 'run.json', description: 'a saved run or migration; - for standard input' },
  examples: [
    ['tune apply run.json', 'the diff'],
    ['tune apply run.json --write', 'written, after a question'],
    ['tune apply run.json --check', 'exit code 1 when the answer is not in the file yet'],
    ['tune apply run.json --file template.yaml --select OrdersFunction', 'where it is named, not searched for'],
  ],
  notes: `
Exit codes: 0 the diff is shown, written, or not needed · 1 with --check: the file
            does not have the answer · 2 no one definition, or not to be edited`,
  async load() {
    const { runApply } = await import('../../commands/apply/apply.ts');
    return ({ argument, flags, io }) => runApply(argument, flags, io);
  },
};
