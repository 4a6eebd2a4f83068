import { TuneError } from '../../base/errors.ts';
import { commandNames } from '../../options/rows/commands.ts';
import type { CliCommand } from './command.ts';

const [, ...own] = commandNames.filter((name) => name.startsWith('fleet'));

/** A group: each of its commands has a file in `fleet/`. */
export const fleet: CliCommand = {
  name: 'fleet',
  description: 'many functions: which are worth tuning',
  examples: [
    ['tune fleet rank --region eu-west-1 --json > fleet.json', 'which are worth it'],
    ['tune fleet run fleet.json --top 20 --out runs', 'measure those'],
    ['tune fleet merge runs', 'one answer for all'],
  ],
  async load() {
    return () => {
      throw new TuneError('USAGE', 'tune fleet takes a command.', {
        hint: `One of: ${own.map((name) => `tune ${name}`).join(', ')}. Begin with: tune fleet rank`,
      });
    };
  },
};
