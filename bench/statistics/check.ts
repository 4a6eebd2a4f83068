import { awsHosts } from '../../src/analysis/hosts.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { normal, play, shares } from '../../test/check/simulated.ts';
import { hostFactor } from '../simulation.ts';
import type { Hosts } from './hosts.ts';

/** How a check ends: shares of the runs, calls and environments a side. `change`: 0.1 is +10 % on the current side. */
export function checkShares(
  architecture: Architecture,
  hosts: Hosts,
  withinCv: number,
  change: number,
  runs: number,
): ReturnType<typeof shares> {
  const options: GateOptions = { ...checkDefaults, memoryMb: 512, hosts: awsHosts[architecture] };
  const behaviour = (scale: number) => ({ costUsd: normal(withinCv, scale), hostFactor: hostFactor(hosts) });
  return shares((seed) => play(behaviour(1), behaviour(1 + change), seed, options), runs);
}
