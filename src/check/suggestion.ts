import { extended, extendedByEnvironment } from './extend.ts';
import { type CheckState, nextRound } from './gate.ts';
import { areTwoKindsKnownOf } from './likeHosts.ts';
import { type CheckLimits, type GateOptions, timesWithFile } from './options.ts';
import type { CheckVerdict, MetricResult } from './verdict.ts';

/**
 * What would change the verdict. Each was tried: the gate was asked again with it, on the same calls (`limits`), or on more
 * that behave like them (all others).
 */
export interface Suggestion {
  readonly kind: 'limits' | 'limitsWithMore' | 'samples' | 'sideBySide';
  /** As they are typed: `--max-p95-ms 300`. Together they are one suggestion. */
  readonly options: readonly string[];
}

export function suggestionsFor(state: CheckState, options: GateOptions, verdict: CheckVerdict): readonly Suggestion[] {
  if (verdict === 'passed') return [];
  const limits = widerLimitsAtAll(state, options);
  if (verdict === 'regressed') return limits;
  const samples = moreSamples(state, options);
  const sideBySide: Suggestion[] =
    options.fixedBaseline !== undefined && decidesSideBySide(state, options)
      ? [{ kind: 'sideBySide', options: ['--against'] }]
      : [];
  return [samples, ...sideBySide, ...limits].filter((one) => one !== undefined);
}

/** A regression is often plain before there are enough calls for a pass at any limit. */
function widerLimitsAtAll(state: CheckState, options: GateOptions): readonly Suggestion[] {
  const now = widerLimits(state, options);
  if (now !== undefined) return [{ kind: 'limits', options: now }];
  const later = widerLimits(withMore(state, options), options);
  return later === undefined ? [] : [{ kind: 'limitsWithMore', options: later }];
}

/** The first round limits with which these same calls pass, each of the kind of a line that kept them from passing. */
function widerLimits(state: CheckState, options: GateOptions): readonly string[] | undefined {
  let tried = options;
  const chosen = new Map<string, string>();
  for (let step = 0; step < mostSteps; step++) {
    const round = nextRound({ ...state, ended: true }, tried);
    if (round.kind !== 'decided' || round.undecided === 'fewEnvironments' || round.undecided === 'fewSamples') {
      return undefined;
    }
    if (round.verdict === 'passed') return [...chosen.values()];
    for (const metric of failing(round.metrics)) {
      const next = widened(tried, metric);
      if (next === undefined) return undefined;
      tried = { ...tried, limits: next.limits };
      chosen.set(next.name, next.option);
    }
  }
  return undefined;
}

/** More than all round limits of all lines. */
const mostSteps = 60;

/** Where no line fails by itself, the untrimmed mean looks as if it did: its limit is that of cost. */
function failing(metrics: readonly MetricResult[]): readonly MetricResult[] {
  const bad = metrics.filter(
    ({ verdict, required }) => verdict === 'regressed' || (verdict === 'inconclusive' && required),
  );
  const cost = bad.filter(({ name, kind }) => kind === 'increase' && (name === 'cost' || name === 'meanCost'));
  // Two lines share one limit: it is widened once.
  const others = bad.filter((metric) => !cost.includes(metric));
  const all = [...cost.slice(0, 1), ...others];
  return all.length > 0 ? all : metrics.filter(({ name, kind }) => kind === 'increase' && name === 'cost');
}

interface Widened {
  readonly name: string;
  readonly option: string;
  readonly limits: CheckLimits;
}

function widened({ limits, memoryMb }: GateOptions, metric: MetricResult): Widened | undefined {
  const { name, kind, ratio, interval, current } = metric;
  if (kind === 'increase') {
    const key = name === 'meanCost' ? 'cost' : name;
    if (key !== 'cost' && key !== 'duration' && key !== 'p95' && key !== 'init') return undefined;
    const max = nextShare(limits[key]?.max ?? 0, (ratio?.estimate ?? 1) - 1);
    if (max === undefined) return undefined;
    return share(`--max-${key}-increase`, max, { ...limits, [key]: { ...limits[key], max } });
  }
  if (kind === 'difference') {
    const max = nextShare(metric.limit ?? 0, interval?.estimate ?? 0);
    return max === undefined ? undefined : share('--max-error-increase', max, { ...limits, errors: { max } });
  }
  if (current === null) return undefined;
  switch (name) {
    case 'meanCost': {
      const max = nextRoundFigure(Math.max(limits.costUsdPerMillion?.max ?? 0, current * 1e6));
      return figure('--max-cost-usd-per-million', max, { ...limits, costUsdPerMillion: { max } });
    }
    case 'p95': {
      const max = nextRoundFigure(Math.max(limits.p95Ms?.max ?? 0, current));
      return figure('--max-p95-ms', max, { ...limits, p95Ms: { max } });
    }
    case 'init': {
      const max = nextRoundFigure(Math.max(limits.initMs?.max ?? 0, current));
      return figure('--max-init-ms', max, { ...limits, initMs: { max } });
    }
    case 'memory': {
      const min = Math.floor(100 * (1 - current / memoryMb)) / 100;
      if (!(min > 0)) return undefined;
      return share('--min-memory-headroom', min, { ...limits, memoryHeadroom: { min } });
    }
    case 'cost':
    case 'duration':
    case 'errors':
      return undefined;
  }
}

function share(name: string, max: number, limits: CheckLimits): Widened {
  return { name, option: `${name} ${Number((100 * max).toFixed(2))}%`, limits };
}

function figure(name: string, max: number, limits: CheckLimits): Widened {
  return { name, option: `${name} ${max}`, limits };
}

const roundPercents = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100] as const;

/** Above the limit of now and what was measured; a share of more than all is no option. */
function nextShare(limit: number, measured: number): number | undefined {
  return roundPercents.map((percent) => percent / 100).find((max) => max > limit && max > measured);
}

const roundDigits = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9] as const;

function nextRoundFigure(above: number): number {
  const power = 10 ** Math.floor(Math.log10(above));
  const next = roundDigits.find((digits) => digits * power > above * 1.000001) ?? 10;
  return Number((next * power).toPrecision(2));
}

/**
 * Candidates for `--max-invocations`: how many calls would tell is worth knowing also where nobody will pay for them. Of checks that stay open on p95 of payloads
 * whose calls scatter by 20 %, 22 of 37 name one of these. Each is asked of the gate, which takes longer the more they are.
 */
const moreInvocations = [200, 300, 500, 1000, 2000] as const;

function moreSamples(state: CheckState, options: GateOptions): Suggestion | undefined {
  const times = options.fixedBaseline === undefined ? 1 : timesWithFile;
  const found = moreInvocations
    .filter((invocations) => times * invocations > options.maxSamples)
    .find((invocations) => {
      const more = { ...options, maxSamples: times * invocations };
      return decides(withMore(state, more), more);
    });
  return found === undefined ? undefined : { kind: 'samples', options: [`--max-invocations ${found}`] };
}

function withMore({ baseline, current }: CheckState, options: GateOptions): CheckState {
  const size = { samples: options.maxSamples, environments: options.maxEnvironments };
  const more = areTwoKindsKnownOf(options) ? extendedByEnvironment : extended;
  return {
    baseline: options.fixedBaseline === undefined ? more(baseline, size) : baseline,
    current: more(current, size),
    ended: true,
  };
}

function decides(state: CheckState, options: GateOptions): boolean {
  const round = nextRound(state, options);
  return round.kind === 'decided' && round.verdict !== 'inconclusive';
}

function decidesSideBySide(state: CheckState, { fixedBaseline: _fixed, ...rest }: GateOptions): boolean {
  const options = { ...rest, maxSamples: Math.ceil(rest.maxSamples / timesWithFile) };
  return decides(withMore(state, options), options);
}
