import { awsHosts, hostKindsByArchitecture, type Placed, spreadByArchitecture } from '../../src/analysis/hosts.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { seededRandom } from '../../src/stats/random.ts';
import type { Sample } from '../../src/stats/samples.ts';
import { meanEstimate, ratioEstimate } from '../../src/stats/statistics.ts';
import { armKinds, type HostKinds, type Shape, simulate } from '../simulation.ts';

/** Hosts as they are met on one architecture. */
export interface Hosts {
  readonly spread: number;
  readonly kinds?: HostKinds | undefined;
}

/** Of arm64: two kinds 22 % apart, 35 % of the hosts the slower ones, each kind within 1 %. */
export const twoKinds: Hosts = { spread: 0.01, kinds: armKinds };

/** Share of the rows whose interval holds the true mean over all hosts, and its mean width (high ÷ low − 1). */
export interface Coverage {
  readonly coverage: number;
  readonly width: number;
}

interface Layout {
  readonly configurations: number;
  readonly environments: number;
  readonly calls: number;
  readonly shape?: Shape;
}

/** Rows of a sweep of one architecture: equal configurations, `calls` each, dealt in turn to their environments. */
export function rowCoverage(architecture: Architecture, hosts: Hosts, layout: Layout, runs: number): Coverage {
  const random = seededRandom(5);
  let [inside, width, rows] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const samples = simulated(hosts, layout, 1, random);
    const spread = spreadByArchitecture(placedOn(architecture, samples), awsHosts)[architecture];
    for (const sample of samples) {
      const estimate = meanEstimate(sample, spread);
      if (estimate === undefined) continue;
      rows += 1;
      width += estimate.high / estimate.low - 1;
      if (estimate.low <= 1 && 1 <= estimate.high) inside += 1;
    }
  }
  return { coverage: inside / rows, width: width / rows };
}

/** One configuration of each architecture, arm64 truly 10 % dearer; hosts of x86_64 differ by 1 %. */
export function migrationCoverage(hosts: Hosts, environments: number, runs: number): Coverage {
  const random = seededRandom(5);
  const truth = 1.1;
  let [inside, width] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const layout = { configurations: 1, environments, calls: 100 };
    const [arm = []] = simulated(hosts, layout, truth, random);
    const [x86 = []] = simulated({ spread: 0.01 }, layout, 1, random);
    const spreads = spreadByArchitecture([...placedOn('arm64', [arm]), ...placedOn('x86_64', [x86])], awsHosts);
    const estimate = ratioEstimate(arm, x86, spreads.arm64, 0.95, spreads.x86_64);
    if (estimate === undefined) continue;
    width += estimate.high / estimate.low - 1;
    if (estimate.low <= truth && truth <= estimate.high) inside += 1;
  }
  return { coverage: inside / runs, width: width / runs };
}

/** Share of the runs in which two kinds of hosts are said to have been met. */
export function kindsMet(hosts: Hosts, layout: Layout, runs: number): number {
  const random = seededRandom(6);
  let met = 0;
  for (let run = 0; run < runs; run++) {
    const samples = placedOn('arm64', simulated(hosts, layout, 1, random));
    if (hostKindsByArchitecture(samples, awsHosts).arm64 !== undefined) met += 1;
  }
  return met / runs;
}

function simulated(hosts: Hosts, layout: Layout, mean: number, random: () => number): readonly Sample[] {
  const { configurations, environments, calls, shape = 'normal 0.1' } = layout;
  const means = Array.from({ length: configurations }, () => mean);
  return simulate({ shape, count: calls, environments, ...hosts, means }, random);
}

function placedOn(architecture: Architecture, samples: readonly Sample[]): readonly Placed[] {
  return samples.map((sample) => ({ architecture, sample }));
}
