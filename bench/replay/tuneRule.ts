import { preferredOf } from '../../src/advice/recommendation.ts';
import { compare } from '../../src/analysis/compared.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { keyOf } from '../../src/model/configuration.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { judgedSuccesses, withSteadyParts } from '../../src/search/estimate.ts';
import { type Effort, type EffortName, efforts, type SearchOptions, type SizeSoFar } from '../../src/search/options.ts';
import { search } from '../../src/search/search.ts';
import { meanEstimate } from '../../src/stats/statistics.ts';
import type { Account } from './account.ts';
import { chargeUsd } from './charge.ts';
import type { Told } from './observed.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';
import { answer, type Rule } from './rule.ts';

/** Recorded functions of runtimes that compile while they are used. */
export const compiledInUse = /\b(java|kotlin)-jar/;

interface Numbers {
  readonly numbers: Effort;
  /** Whether a ladder ends where the request and one millisecond of the next size cost about as much as the best. */
  readonly endsAtFloor: boolean;
}

/**
 * The numbers of the race before hosts of two kinds and its dollars were looked at: what `tune` is compared with. How scatter is believed and
 * which calls are clipped it shares with the rule of today, so that it is cheaper than that race was.
 */
export const firstRule: Rule = tuneRule('default', 2, undefined, {
  numbers: {
    ...efforts.default,
    scoutsLeast: 4,
    worthRacing: 0.0012,
    leastTold: 0,
    leaderEnvironmentAfter: 32,
    dearestSecond: Number.POSITIVE_INFINITY,
  },
  endsAtFloor: false,
});

/**
 * The search of this project, driven as `tune.ts` drives it, and judged by what it advises: the size that the answer names where
 * nothing is deployed yet, which may be a faster one that nothing shows to be dearer than the search's own pick. Records cannot tell environments apart, so a second
 * environment is one more cold start to pay; `environments` 1 shows what that costs.
 */
export function tuneRule(
  effort: EffortName,
  environments = 2,
  told?: Told,
  { numbers, endsAtFloor }: Numbers = { numbers: efforts[effort], endsAtFloor: true },
): Rule {
  return (recorded, account) => {
    const prior = told?.(recorded, account.random);
    const options: SearchOptions = {
      ladders: {
        x86_64: sizesOf(recorded, 'x86_64'),
        arm64: sizesOf(recorded, 'arm64'),
      },
      // Whoever reads production has a setting, and it is always measured.
      pinned: prior === undefined ? [] : [prior.setting],
      prior: prior?.prior,
      goal: 'cheapest',
      effort,
      tolerance: 0.03,
      environments,
      priors: awsHosts,
      compilesInUse: compiledInUse.test(recorded.name),
      leastUsd: endsAtFloor ? (configuration) => chargeUsd(configuration, 1) : undefined,
      seed: Math.floor(account.random() * 2 ** 32),
    };
    const byKey = new Map(recorded.configurations.map((configuration) => [keyOf(configuration), configuration]));
    const lanes = new Map<RecordedConfiguration, SizeSoFar>();
    for (;;) {
      const next = search([...lanes.values()], options, numbers);
      if (next.kind === 'stop') {
        const [found] = next.answers;
        const sizeOf = (one: Parameters<typeof keyOf>[0]) => {
          const size = byKey.get(keyOf(one));
          if (size === undefined) throw new Error(`${keyOf(one)} was not recorded`);
          return size;
        };
        if (found === undefined) throw new Error('the search found nothing');
        const best = sizeOf(found.best);
        const { advised, interval } = advisedOf(withSteadyParts([...lanes.values()], options), options.tolerance);
        const named = advised === undefined ? best : sizeOf(advised);
        return { ...answer(named, [best, ...found.tied.map(sizeOf)], interval), pickUsd: best.costUsd };
      }
      for (const step of next.steps) {
        const configuration = byKey.get(keyOf(step.configuration));
        if (configuration === undefined) throw new Error(`${keyOf(step.configuration)} was not recorded`);
        lanes.set(
          configuration,
          called(configuration, lanes.get(configuration), { ...step, phase: next.phase }, account),
        );
      }
    }
  };
}

function sizesOf({ configurations }: RecordedFunction, architecture: 'x86_64' | 'arm64'): number[] {
  return configurations.flatMap((one) => (one.architecture === architecture ? [one.memoryMb] : []));
}

type Phase = Extract<ReturnType<typeof search>, { readonly kind: 'measure' }>['phase'];

/** What a call is told as, where the dollars are told in parts. */
function partOf(phase: Phase, start: 'cold' | 'warm'): string {
  return phase === 'climb' ? `${start} climb` : phase;
}

function called(
  configuration: RecordedConfiguration,
  lane: SizeSoFar | undefined,
  { environment, invocations, phase }: { environment: number; invocations: number; phase: Phase },
  account: Account,
): SizeSoFar {
  const opened = lane?.environments ?? 0;
  const calls = Array.from({ length: invocations }, (_, index): Measurement => {
    const start = environment >= opened && index === 0 ? 'cold' : 'warm';
    const billableMs = account.call(configuration, start, environment, partOf(phase, start));
    return {
      requestId: '',
      startedAt: '',
      environment: `${environment}`,
      start,
      outcome: 'succeeded',
      durationMs: billableMs,
      billedDurationMs: Math.ceil(billableMs),
      maxMemoryUsedMb: 0,
      costUsd: chargeUsd(configuration, billableMs),
    };
  });
  return {
    configuration: { memoryMb: configuration.memoryMb, architecture: configuration.architecture },
    measurements: [...(lane?.measurements ?? []), ...calls],
    environments: Math.max(opened, environment + 1),
  };
}

/** What the answer names (advice/answer.ts, no current setting), and the interval that the result prints for its mean cost. */
function advisedOf(lanes: readonly SizeSoFar[], tolerance: number) {
  const compared = compare(
    lanes.map((lane) => ({
      configuration: lane.configuration,
      calls: judgedSuccesses(lane),
      status: 'measured',
      latency: undefined,
    })),
    { payloads: [], tolerance, priors: awsHosts, isRaced: true },
  );
  const [first] = preferredOf(undefined, compared, undefined);
  const hosts = first && compared.judgement.costs.hosts[first.configuration.architecture];
  return { advised: first?.configuration, interval: hosts && meanEstimate(first.costs, hosts) };
}
