import type { CliCommand } from '../command.ts';

export const fleetMerge: CliCommand = {
  name: 'fleet merge',
  description: 'one document and one report of what was measured',
  argument: { name: 'folder', description: 'what tune fleet run --out wrote', several: true },
  examples: [
    ['tune fleet merge runs', 'the portfolio as a table'],
    ['tune fleet merge shard-1 shard-2 --json', 'of several machines'],
    ['tune fleet merge runs --report html=fleet.html', 'for others'],
  ],
  async load() {
    const { runFleetMerge } = await import('../../../commands/fleet/merge.ts');
    return ({ words, flags, io }) => runFleetMerge(words, flags, io);
  },
};
