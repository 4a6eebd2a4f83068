import { z } from 'zod';
import type { Downstream } from '../model/production/worth.ts';
import { jsonOf } from '../text/jsonOf.ts';

/** How much of a call is spent in calls of others, by the traces of X-Ray. */

interface Segment {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly start_time: number;
  readonly end_time: number;
  readonly subsegments?: readonly unknown[] | undefined;
}

const segment = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  start_time: z.number(),
  end_time: z.number(),
  subsegments: z.array(z.unknown()).optional(),
});
const functionSegment = segment.extend({ origin: z.literal('AWS::Lambda::Function') });

interface Span {
  readonly service: string;
  readonly fromS: number;
  readonly toS: number;
}

/** One call of the function, and the time in which it waited for whom. */
export interface TracedCall {
  readonly durationMs: number;
  readonly downstreamMs: number;
  readonly byService: ReadonlyMap<string, number>;
}

const deepest = 12;
const nameable = /^[\w .:/-]{1,60}$/;
/** What is around p50: the middle fifth, and never fewer than these. */
const middleShare = 0.2;
const fewest = 5;

/** Of the segments of one trace; the init of an environment is none of a call's duration. */
export function tracedCalls(documents: readonly string[], functionName: string): readonly TracedCall[] {
  return documents.flatMap((document) => {
    const parsed = functionSegment.safeParse(jsonOf(document));
    if (!parsed.success || parsed.data.name !== functionName) return [];
    const whole = parsed.data;
    const children = childrenOf(whole);
    const invoked = children.find(({ name }) => name === 'Invocation' || /^## /.test(name)) ?? whole;
    const inside = (child: Segment) => child.name !== 'Initialization' && child.name !== 'Overhead';
    const durationS = invoked.end_time - invoked.start_time;
    if (!(durationS > 0)) return [];
    const spans = children
      .filter(inside)
      .flatMap((child) => spansOf(child, 0))
      .map(({ service, fromS, toS }) => ({
        service,
        fromS: Math.max(fromS, invoked.start_time),
        toS: Math.min(toS, invoked.end_time),
      }))
      .filter(({ fromS, toS }) => toS > fromS);
    const services = [...new Set(spans.map(({ service }) => service))];
    return [
      {
        durationMs: durationS * 1000,
        downstreamMs: coveredMs(spans),
        byService: new Map(
          services.map((service) => [service, coveredMs(spans.filter((span) => span.service === service))]),
        ),
      },
    ];
  });
}

/** At p50; undefined: too few calls were traced. */
export function downstreamOf(calls: readonly TracedCall[]): Downstream | undefined {
  if (calls.length < fewest) return undefined;
  const ordered = calls.toSorted((one, other) => one.durationMs - other.durationMs);
  const width = Math.max(fewest, Math.round(middleShare * ordered.length));
  const middle = ordered.slice(Math.floor((ordered.length - width) / 2)).slice(0, width);
  const meanShare = (msOf: (call: TracedCall) => number) =>
    middle.reduce((sum, call) => sum + msOf(call) / call.durationMs, 0) / middle.length;
  const services = [...new Set(middle.flatMap(({ byService }) => [...byService.keys()]))];
  return {
    traces: calls.length,
    tracesAtP50: middle.length,
    p50Ms: ordered[Math.floor((ordered.length - 1) / 2)]?.durationMs ?? 0,
    share: Math.min(
      1,
      meanShare(({ downstreamMs }) => downstreamMs),
    ),
    services: services
      .map((service) => ({
        service,
        share: Math.min(
          1,
          meanShare(({ byService }) => byService.get(service) ?? 0),
        ),
      }))
      .toSorted((one, other) => other.share - one.share),
  };
}

/** The outermost ones: what a call of AWS does inside is part of it. */
function spansOf(one: Segment, depth: number): readonly Span[] {
  if (one.namespace === 'aws' || one.namespace === 'remote') {
    return [{ service: nameable.test(one.name) ? one.name : 'others', fromS: one.start_time, toS: one.end_time }];
  }
  return depth > deepest ? [] : childrenOf(one).flatMap((child) => spansOf(child, depth + 1));
}

function childrenOf({ subsegments = [] }: Segment): readonly Segment[] {
  return subsegments.flatMap((child) => {
    const parsed = segment.safeParse(child);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Calls that run side by side take the time of one. */
function coveredMs(spans: readonly Span[]): number {
  let covered = 0;
  let untilS = Number.NEGATIVE_INFINITY;
  for (const { fromS, toS } of spans.toSorted((one, other) => one.fromS - other.fromS)) {
    covered += Math.max(0, toS - Math.max(fromS, untilS));
    untilS = Math.max(untilS, toS);
  }
  return covered * 1000;
}
