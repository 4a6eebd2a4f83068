import type { Architecture } from '../model/configuration.ts';
import type { Emulation } from '../model/functionFacts.ts';
import { type HostKinds, hostKindsOf } from '../stats/hostKinds.ts';
import type { Sample } from '../stats/samples.ts';
import { hostsDiffer, hostsDifferMuch, runSpread, type Spread, type SpreadPrior, sameHost } from '../stats/spread.ts';

/**
 * How hosts differ on each architecture, and whether two kinds were met. Methods: stats/spread.ts and stats/hostKinds.ts. Where it fails:
 * an architecture of which one environment was met is a belief alone, and x86_64 tells arm64 nothing. `npm run bench:statistics`
 * ("Hosts") prints coverage and kinds told, also where there is one.
 */

/** What is believed of the hosts of each architecture before the first call. */
export type HostPriors = Readonly<Record<Architecture, SpreadPrior>>;

/**
 * From a review of recorded calls: hosts of x86_64 differ by 1 to 3 %; those of arm64 come in two kinds, the same function
 * taking 3.9 or 5.3 ms. So neither tells anything of the other.
 */
export const awsHosts: HostPriors = { x86_64: hostsDiffer, arm64: hostsDifferMuch };

/** Hosts of one kind, where two are known of: alike as those of x86_64 are. */
export const ofOneKind: SpreadPrior = hostsDiffer;

export const thisMachine: HostPriors = { x86_64: sameHost, arm64: sameHost };

export function hostPriorsOf(emulation: Emulation | undefined): HostPriors {
  return emulation === undefined ? awsHosts : thisMachine;
}

/** Values of one configuration, and where it ran. */
export interface Placed {
  readonly architecture: Architecture;
  readonly sample: Sample;
}

export type SpreadByArchitecture = Readonly<Record<Architecture, Spread>>;

/** Calls scatter alike wherever they run, so that is learned from all; how hosts differ, from each architecture's own. */
export function spreadByArchitecture(placed: readonly Placed[], priors: HostPriors): SpreadByArchitecture {
  const all = placed.map(({ sample }) => sample);
  const of = (architecture: Architecture) => runSpread(all, priors[architecture], samplesOn(placed, architecture));
  return { x86_64: of('x86_64'), arm64: of('arm64') };
}

/** So many environments of each kind must have been met: one of them may be a stray (what is told falsely: `npm run bench:statistics`). */
export const fewestOfAKind = 2;

export type KindsByArchitecture = Readonly<Partial<Record<Architecture, HostKinds>>>;

/** `slow` of each is in the order of those of the architecture. Environments of this machine are all of one kind. */
export function hostKindsByArchitecture(placed: readonly Placed[], priors: HostPriors): KindsByArchitecture {
  if (priors === thisMachine) return {};
  const of = (architecture: Architecture) => {
    const found = hostKindsOf(samplesOn(placed, architecture));
    const metOf = (kind: 'slow' | 'fast') => (found?.met ?? []).reduce((sum, count) => sum + count[kind], 0);
    const isUsed = found !== undefined && metOf('slow') >= fewestOfAKind && metOf('fast') >= fewestOfAKind;
    return isUsed ? { [architecture]: found } : {};
  };
  return { ...of('x86_64'), ...of('arm64') };
}

function samplesOn(placed: readonly Placed[], architecture: Architecture): readonly Sample[] {
  return placed.filter((one) => one.architecture === architecture).map(({ sample }) => sample);
}

/** How one figure scatters over a run. */
export interface Scatter {
  readonly hosts: SpreadByArchitecture;
  /** Between environments of one kind; absent where one kind alone was met. */
  readonly ofOneKind?: Readonly<Partial<Record<Architecture, Spread>>> | undefined;
}

/** `check` and `migrate` say it in the same words. */
export function hostKindsText(architecture: Architecture, ratio: number): string {
  return `Two kinds of hosts were met on ${architecture}, ${Math.round((ratio - 1) * 100)} % apart`;
}
