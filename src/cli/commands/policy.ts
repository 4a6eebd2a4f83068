import type { CliCommand } from './command.ts';

export const policy: CliCommand = {
  name: 'policy',
  description: 'print the IAM policy that a run needs',
  examples: [
    ['tune policy', 'for any function'],
    ['tune policy -f orders > policy.json', 'for one, and what it uses'],
    ['tune policy --for observe', 'for reading production alone'],
    ['tune policy -f orders --format terraform', 'as a data source and policy'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runPolicy } = await import('../../commands/policy/policy.ts');
    return ({ flags, io }) => runPolicy(flags, io);
  },
};
