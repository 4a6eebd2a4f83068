import type { CliCommand } from '../command.ts';

export const fleetEmit: CliCommand = {
  name: 'fleet emit',
  description: 'a ready file for an engine: GitHub, GitLab, Step Functions',
  argument: { name: 'engine', description: 'github, gitlab, gitlab-child (what its plan calls) or step-functions' },
  examples: [
    ['tune fleet emit github --shards 8 > tune-fleet.yml', 'a matrix of jobs'],
    ['tune fleet emit gitlab > .gitlab-ci.yml', 'with a child pipeline'],
    ['tune fleet emit step-functions > template.yaml', 'a SAM template'],
  ],
  async load() {
    const { runFleetEmit } = await import('../../../commands/fleet/emit.ts');
    return ({ argument, flags, io }) => runFleetEmit(argument, flags, io);
  },
};
