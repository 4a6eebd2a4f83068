import type { Side } from './figures.ts';
import type { Line } from './metrics.ts';
import { type GateOptions, samplesPerNew } from './options.ts';

/** What one side is to be measured next. */
export interface Batch {
  /** Warm calls; every new environment costs its cold call on top. */
  readonly samples: number;
  /** Above 0: all samples go to this many new environments. Otherwise they are dealt over those that are open. */
  readonly newEnvironments: number;
}

/**
 * Hosts are taken to differ by this much at least when it is decided where to measure, and new environments are opened when
 * they make up this share of the error: samples of the same environments would hardly lower it (Cochran, Sampling
 * Techniques, 1977, §10.6, on how many to take of each cluster). By simulation on recorded invocations (bench/check.ts). Where it
 * fails: a cold start is taken to cost what three calls do; where init is long, environments are dearer than is counted with.
 */
const plannedCv = 0.03;
const dominates = 0.15;

export function nextBatch(side: Side, due: number, lines: readonly Line[], options: GateOptions): Batch {
  if (due <= 0) return { samples: 0, newEnvironments: 0 };
  const { hiddenEnvironments = 0, leftOut = 0, callsLeft = Number.POSITIVE_INFINITY } = options;
  const opened = side.environments + hiddenEnvironments;
  const missing = options.minEnvironments - opened;
  const room = Math.max(0, options.maxEnvironments - opened);
  if (missing > 0) return { samples: Math.max(due, missing), newEnvironments: Math.min(missing, room) };
  const samples = Math.max(1, Math.min(due, callsLeft));
  const wanted = hiddenEnvironments === 0 && (hostsDominate(lines) || initUndecided(lines));
  const further = wanted ? Math.min(room, Math.max(1, Math.floor(samples / samplesPerNew))) : 0;
  if (leftOut === 0) return { samples, newEnvironments: further };
  const each = leftOut + samplesPerNew;
  const payable = Math.min(further, Math.floor(callsLeft / (each + 1)));
  return payable > 0 ? { samples: payable * each, newEnvironments: payable } : { samples, newEnvironments: 0 };
}

function hostsDominate(lines: readonly Line[]): boolean {
  const ratio = lines.find(({ name }) => name === 'cost')?.quantity?.ratio;
  if (ratio === undefined) return false;
  const { hosts, variance, clustering } = ratio;
  const scale = hosts.variance > 0 ? Math.max(1, plannedCv ** 2 / hosts.variance) : 1;
  const between = scale * (clustering.baseline + clustering.current);
  return between > dominates * (between + variance.baseline + variance.current);
}

/** Only a cold start has an init time. */
function initUndecided(lines: readonly Line[]): boolean {
  return lines.some(({ name, limit }) => name === 'init' && limit !== undefined);
}
