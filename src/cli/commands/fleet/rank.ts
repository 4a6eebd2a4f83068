import type { CliCommand } from '../command.ts';

export const fleetRank: CliCommand = {
  name: 'fleet rank',
  description: 'which functions are worth tuning, the dearest first',
  examples: [
    ['tune fleet rank', 'here'],
    ['tune fleet rank --region all --json > fleet.json', 'every region'],
    ['tune fleet rank --accounts accounts.txt --assume-role tune', 'several'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runFleetRank } = await import('../../../commands/fleet/rank.ts');
    return ({ flags, io }) => runFleetRank(flags, io);
  },
};
