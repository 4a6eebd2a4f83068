import { type Configuration, keyOf } from '../../src/model/configuration.ts';
import { type Random, seededRandom, shuffled } from '../../src/stats/random.ts';
import { armKinds, hostFactor } from '../simulation.ts';
import { chargeUsd } from './charge.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';

/**
 * How records are drawn: each on its own, as a window of neighbouring ones (drift and autocorrelation stay in), or in the order
 * in which they were recorded, every environment from the first one on (what is slow at first stays so). Of that order there
 * is one: runs differ by their hosts, lognormal, and by which of five neighbours comes first. Beyond its end its last
 * third is drawn from.
 */
export type Drawing = 'iid' | 'windows' | 'ownOrder';

/** Of environments, relative: what `ownOrder` has runs differ by. */
const hostCv = 0.03;
const neighbours = 5;

/** One replayed run: what is called is drawn from the records and paid. */
export interface Account {
  /** Billable ms of the next call; `part` of the rule's dollars that it is told as. */
  call(configuration: RecordedConfiguration, start: 'cold' | 'warm', environment?: number, part?: string): number;
  /** Pays a call that was made up from several records (sizes between the recorded ones). */
  pay(configuration: Configuration, billableMs: number): void;
  readonly random: Random;
  readonly spentUsd: number;
  /** US$, of the parts that the rule named. */
  readonly partsUsd: ReadonlyMap<string, number>;
  readonly invocations: number;
}

/** What the hosts of environments add to the records: lognormal by `spread`, and on arm64 the two kinds as recorded. */
export interface ReplayHosts {
  readonly spread: number;
  readonly armKinds: boolean;
}

export const noHosts: ReplayHosts = { spread: 0, armKinds: false };

export function openAccount(
  recorded: RecordedFunction,
  drawing: Drawing,
  random: Random,
  hosts: ReplayHosts = noHosts,
  /** What calls and hosts of one size are drawn with, by a name: see `sameCalls`. */
  randomOf: (name: string) => Random = () => random,
): Account {
  let spentUsd = 0;
  let invocations = 0;
  const partsUsd = new Map<string, number>();
  const positions = new Map<readonly number[], number>();
  // A window belongs to a size and not to one of its environments: these are called in the same minutes.
  const next = (pool: readonly number[], name: string): number => {
    const start = drawing !== 'windows' ? undefined : positions.get(pool);
    const position = start ?? Math.floor(randomOf(name)() * pool.length);
    if (drawing === 'windows') positions.set(pool, (position + 1) % pool.length);
    return pool[position] ?? Number.NaN;
  };
  const known = new Set(recorded.configurations);
  const pay = (configuration: Configuration, billableMs: number) => {
    spentUsd += chargeUsd(configuration, billableMs);
    invocations += 1;
  };
  const factors = new Map<string, number>();
  const factorOf = (configuration: RecordedConfiguration, environment: number): number => {
    if (hosts === noHosts) return 1;
    const key = `${keyOf(configuration)} ${environment}`;
    const kinds = hosts.armKinds && configuration.architecture === 'arm64' ? armKinds : undefined;
    const factor = factors.get(key) ?? hostFactor({ spread: hosts.spread, kinds })(randomOf(`host ${key}`));
    factors.set(key, factor);
    return factor;
  };
  const environments = new Map<string, () => number>();
  const inOwnOrder = (configuration: RecordedConfiguration, environment: number): number => {
    const key = `${keyOf(configuration)} ${environment}`;
    const next = environments.get(key) ?? chainOf(configuration.warmMs, random);
    environments.set(key, next);
    return next();
  };
  return {
    random,
    call(configuration, start, environment = 0, part = undefined) {
      if (!known.has(configuration)) throw new Error('a size that was not recorded cannot be called');
      const recordedMs =
        drawing === 'ownOrder' && start === 'warm'
          ? inOwnOrder(configuration, environment)
          : next(start === 'cold' ? configuration.coldMs : configuration.warmMs, `${start} ${keyOf(configuration)}`);
      const billableMs = recordedMs * factorOf(configuration, environment);
      pay(configuration, billableMs);
      if (part !== undefined) partsUsd.set(part, (partsUsd.get(part) ?? 0) + chargeUsd(configuration, billableMs));
      return billableMs;
    },
    pay,
    partsUsd,
    get spentUsd() {
      return spentUsd;
    },
    get invocations() {
      return invocations;
    },
  };
}

/**
 * The n-th warm call of a size is the same record whichever rule makes it, and its n-th environment the same host: what two rules differ by
 * is then told by far fewer runs (common random numbers).
 */
export function sameCalls(seed: number): (name: string) => Random {
  const drawing = new Map<string, Random>();
  return (name) => {
    const known = drawing.get(name) ?? seededRandom(seed + hashOf(name));
    drawing.set(name, known);
    return known;
  };
}

export function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}

/** The warm calls of one environment. */
function chainOf(recorded: readonly number[], random: Random): () => number {
  const [one, other] = [random(), random()];
  const host = Math.exp(hostCv * Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other));
  const blocks = Array.from({ length: Math.ceil(recorded.length / neighbours) }, (_, block) =>
    shuffled(recorded.slice(block * neighbours, (block + 1) * neighbours), random),
  );
  const order = blocks.flat();
  const last = recorded.slice(-Math.ceil(recorded.length / 3));
  let made = 0;
  return () => {
    const billableMs = order[made] ?? last[Math.floor(random() * last.length)] ?? Number.NaN;
    made += 1;
    return billableMs * host;
  };
}
