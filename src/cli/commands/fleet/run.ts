import type { CliCommand } from '../command.ts';

export const fleetRun: CliCommand = {
  name: 'fleet run',
  description: 'measure the functions of a ranking, one saved run each',
  argument: { name: 'fleet.json', description: 'what tune fleet rank --json printed; - for standard input' },
  examples: [
    ['tune fleet run fleet.json --top 20 --out runs', 'the first twenty'],
    ['tune fleet run fleet.json --shard 2/4 --out runs', 'a quarter of them'],
    ['tune fleet run fleet.json --only orders --out runs', 'one of them'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runFleetRun } = await import('../../../commands/fleet/run.ts');
    return ({ argument, flags, io }) => runFleetRun(argument, flags, io);
  },
};
