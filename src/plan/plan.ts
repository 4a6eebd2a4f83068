import { hostPriorsOf } from '../analysis/hosts.ts';
import { payloadShares } from '../analysis/summarize.ts';
import { type Architecture, curveOf, sameConfiguration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import { compilesInUse } from '../model/lambda/runtimes.ts';
import { factsAs } from '../model/variant.ts';
import type { Warning } from '../model/warning.ts';
import { effortFor, type SearchOptions } from '../search/options.ts';
import type { Sampling } from '../search/sampling.ts';
import { configurationsOf, type PlannedConfigurations } from './configurations.ts';
import {
  estimateOf,
  estimateOfRace,
  type RunEstimate,
  type RunPace,
  type RunSize,
  worstCaseSeconds,
} from './estimate.ts';
import { defaultMaxInFlight, inFlightWarnings } from './inFlightLimit.ts';
import type { PlanRequest, RaceRequest } from './request.ts';
import { capWarnings, coresMissing, fewCallsWarnings } from './warnings.ts';

/** What a run is to do, and what it may take. */
export interface Plan extends RunPace, Omit<PlannedConfigurations, 'memoryMb'> {
  readonly sampling: Sampling;
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
  readonly maxInFlight: number;
  readonly estimate: RunEstimate;
  /** From the start to the worst-case end, with a margin. */
  readonly leaseSeconds: number;
  readonly warnings: readonly Warning[];
}

/** Throws TuneError USAGE when nothing is left to measure, PRICE when a price that is needed is not known. */
export function planRun(request: PlanRequest, facts: FunctionFacts, costModel: CostModel): Plan {
  const { memoryMb, warnings: ofConfigurations, ...planned } = configurationsOf(request, facts);
  const { configurations, leftOut } = planned;
  const { race } = request;
  const environmentsPerConfiguration = Math.min(request.concurrency, request.invocations);
  const environmentsMb = configurations.flatMap((one) =>
    Array.from({ length: environmentsPerConfiguration }, () => one.memoryMb),
  );
  const size = {
    configurations,
    environmentsPerConfiguration,
    warmInvocations:
      race === undefined
        ? request.invocations
        : effortFor({ effort: race.effort, payloads: request.payloads }).scoutsMost,
    maxInFlight: request.maxInFlight ?? defaultMaxInFlight(facts, environmentsMb),
    ...request.pace,
  };
  const restoresOnPurpose =
    request.coldStarts !== undefined && size.configurations.some((one) => factsAs(facts, one).snapStart);
  const priced = {
    ...size,
    ...(restoresOnPurpose
      ? {
          environmentsPerConfiguration: environmentsPerConfiguration + (request.coldStarts ?? 0),
          // They come beside calls that keep the environments of before busy.
          warmInvocations: size.warmInvocations + environmentsPerConfiguration,
        }
      : { environmentsPerConfiguration: Math.max(environmentsPerConfiguration, request.coldStarts ?? 0) }),
  };
  const estimate =
    race === undefined ? estimateOf(priced, facts, costModel) : estimateOfRace(priced, race, facts, costModel);
  const sampling: Sampling =
    race === undefined
      ? { kind: 'full' }
      : { kind: 'race', search: searchOf(race, { ...size, leftOut }, request, facts) };
  const leaseSeconds = Math.ceil(worstCaseSeconds(size, facts) + leaseMarginSeconds);
  const warnings = [
    ...ofConfigurations,
    ...fewCallsWarnings(request, environmentsPerConfiguration),
    ...inFlightWarnings(request.maxInFlight, facts),
    ...coresMissing(memoryMb, facts.emulation),
    ...capWarnings(request, estimate),
  ];
  return { ...planned, ...size, sampling, estimate, leaseSeconds, warnings };
}

function searchOf(
  { sizes, ...race }: RaceRequest,
  size: RunSize & Pick<Plan, 'leftOut'>,
  request: PlanRequest,
  facts: FunctionFacts,
): Omit<SearchOptions, 'budget'> {
  const { configurations, environmentsPerConfiguration } = size;
  // Variants are compared at one size at least: at today's.
  const { memoryMb, architecture } = facts;
  const current = configurations.filter((one) => sameConfiguration(one, { ...one, memoryMb, architecture }));
  const ladder = (architecture: Architecture) =>
    [...new Set(configurations.flatMap((one) => (one.architecture === architecture ? [one.memoryMb] : [])))].sort(
      (a, b) => a - b,
    );
  return {
    ...race,
    ladders: sizes === 'all' ? {} : { x86_64: ladder('x86_64'), arm64: ladder('arm64') },
    variants: request.variants,
    leftOut: size.leftOut.map(({ configuration }) => curveOf(configuration)),
    pinned: sizes === 'all' ? configurations : current,
    environments: environmentsPerConfiguration,
    priors: hostPriorsOf(facts.emulation),
    compilesInUse: compilesInUse(facts.runtime),
    payloads: payloadShares(request.payloads),
  };
}

/** Deletions that wait for a Pending shadow take up to five minutes; ten more for a slow network and a slept laptop. */
const leaseMarginSeconds = 15 * 60;
