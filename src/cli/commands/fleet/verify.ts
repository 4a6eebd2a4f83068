import type { CliCommand } from '../command.ts';

export const fleetVerify: CliCommand = {
  name: 'fleet verify',
  description: 'what production says of the answers of a portfolio',
  argument: { name: 'portfolio', description: 'what tune fleet merge --json printed, or the folder of the runs' },
  examples: [
    ['tune fleet verify runs', 'since the last change'],
    ['tune fleet verify runs --since-change 2026-11-20', 'since that day'],
    ['tune fleet verify runs --require both --json', 'not slower, too; as JSON'],
  ],
  isSlowToLoad: true,
  notes: `
Exit codes: 0 each came true · 1 one did not · 3 of one nothing was
            deployed or could be read · 4 one cannot be told yet`,
  async load() {
    const { runFleetVerify } = await import('../../../commands/fleet/verify.ts');
    return ({ argument, flags, io }) => runFleetVerify(argument, flags, io);
  },
};
