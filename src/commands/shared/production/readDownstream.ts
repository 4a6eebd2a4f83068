import type { AwsClients } from '../../../aws/client/client.ts';
import type { ObservedFunction } from '../../../aws/production/observedFunction.ts';
import { findTraces, readTraces, tracesPerCall } from '../../../aws/production/traces.ts';
import type { Io } from '../../../base/io.ts';
import type { Downstream } from '../../../model/production/worth.ts';
import type { Announced } from '../../../observe/announced.ts';
import { downstreamOf, type TracedCall, tracedCalls } from '../../../observe/downstream.ts';
import type { ProductionEvidence } from '../../../observe/evidence.ts';
import type { Cell } from '../../../observe/samplingPlan.ts';
import { traceUsd } from '../../../pricing/readingCost.ts';
import { seededRandom } from '../../../stats/random.ts';

/** So many moments, drawn as the calls are spread, with about so many calls in each: it is the part around p50 that is wanted. */
const moments = 12;
const callsEach = 250;
const wanted = 100;
const keptMs = 30 * 86_400_000;
const leastMs = 1000;
/** A query of more is refused [memory]. */
const mostMs = 6 * 3_600_000;

interface Tracing {
  readonly clients: AwsClients;
  readonly target: Pick<ObservedFunction, 'functionName'>;
  readonly evidence: Pick<ProductionEvidence, 'seed' | 'period'>;
  readonly io: Pick<Io, 'interrupted'>;
  readonly announce: (reading: Announced) => void;
}

interface Moment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly calls: number;
}

/** Traces of moments of the period, under what is left of the cap. Every call may have a trace: that is what is announced. */
export async function readDownstream(
  { clients, target, evidence, io, announce }: Tracing,
  cells: readonly Cell[],
  leftUsd: number,
): Promise<{ readonly value?: Downstream | undefined; readonly costUsd: number; readonly note?: string | undefined }> {
  const drawn = momentsOf(cells, evidence.seed, evidence.period.toMs);
  const expectedUsd = (drawn.reduce((sum, { calls }) => sum + calls, 0) + wanted) * traceUsd;
  if (drawn.length === 0) return { costUsd: 0, note: 'no calls in the 30 days that traces are kept' };
  if (expectedUsd > leftUsd) return { costUsd: 0, note: 'it does not fit under the cap' };
  announce({ kind: 'traces', usd: expectedUsd });
  const ids = new Set<string>();
  let costUsd = 0;
  for (const moment of drawn) {
    if (ids.size >= wanted || costUsd + (moment.calls + wanted) * traceUsd > leftUsd) break;
    const found = await findTraces(clients, target.functionName, moment, io.interrupted);
    costUsd += found.scanned * traceUsd;
    for (const id of found.ids.slice(0, Math.ceil(wanted / drawn.length))) ids.add(id);
  }
  const calls: TracedCall[] = [];
  const all = [...ids];
  for (let at = 0; at < all.length; at += tracesPerCall) {
    const some = all.slice(at, at + tracesPerCall);
    if (costUsd + some.length * traceUsd > leftUsd) break;
    const traces = await readTraces(clients, some, io.interrupted);
    costUsd += some.length * traceUsd;
    calls.push(...traces.flatMap((documents) => tracedCalls(documents, target.functionName)));
  }
  const value = downstreamOf(calls);
  return {
    value,
    costUsd,
    note: value === undefined ? `only ${calls.length} calls with a trace were found` : undefined,
  };
}

function momentsOf(cells: readonly Cell[], seed: number, untilMs: number): readonly Moment[] {
  const called = cells.filter(({ calls, fromMs }) => calls > 0 && fromMs > untilMs - keptMs);
  const total = called.reduce((sum, { calls }) => sum + calls, 0);
  const random = seededRandom(seed);
  return Array.from({ length: total > 0 ? moments : 0 }, () => {
    let left = random() * total;
    const cell = called.find(({ calls }) => {
      left -= calls;
      return left <= 0;
    });
    if (cell === undefined) return [];
    const cellMs = cell.toMs - cell.fromMs;
    const lengthMs = Math.max(leastMs, Math.min(mostMs, cellMs, (cellMs * callsEach) / cell.calls));
    const fromMs = cell.fromMs + Math.floor(random() * Math.max(0, cellMs - lengthMs));
    return [{ fromMs, toMs: fromMs + Math.ceil(lengthMs), calls: (cell.calls * lengthMs) / cellMs }];
  }).flat();
}
