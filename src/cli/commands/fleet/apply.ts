import type { CliCommand } from '../command.ts';

export const fleetApply: CliCommand = {
  name: 'fleet apply',
  description: 'the answers of a portfolio as diffs of templates',
  argument: { name: 'portfolio', description: 'what tune fleet merge --json printed, or the folder of the runs' },
  examples: [
    ['tune fleet apply runs', 'the diffs'],
    ['tune fleet apply portfolio.json --write --yes', 'written'],
    ['tune fleet apply runs --check', 'for CI: 1 when one is lacking'],
  ],
  notes: `
Exit codes: 0 the diffs are shown, or written, or not needed · 1 with --check:
            a file does not have its answer · 2 an answer has no one definition,
            or one that is not to be edited`,
  async load() {
    const { runFleetApply } = await import('../../../commands/fleet/apply.ts');
    return ({ argument, flags, io }) => runFleetApply(argument, flags, io);
  },
};
