import { hostPriorsOf } from '../analysis/hosts.ts';
import { TuneError } from '../base/errors.ts';
import {
  type Architecture,
  type Configuration,
  curveOf,
  sameConfiguration,
  sameVariant,
} from '../model/configuration.ts';
import { compilesInUse } from '../model/lambda/runtimes.ts';
import { vcpusOf } from '../model/lambda/vcpus.ts';
import type { CostModel, FunctionFacts, Payload, Warning } from '../model/measurement.ts';
import { preflightReason, type VariantPreflight } from '../model/preflight.ts';
import { factsAs, type Variant } from '../model/variant.ts';
import { effortFor, type SearchOptions } from '../search/options.ts';
import type { Sampling } from '../search/sampling.ts';
import { numberOf } from '../text/numberOf.ts';
import { type Estimate, estimateOf, estimateOfRace, type RunPace, type RunSize, worstCaseSeconds } from './estimate.ts';
import { defaultMaxInFlight, inFlightWarnings } from './inFlightLimit.ts';

/** What the user wants measured. */
export interface PlanRequest {
  readonly memoryMb: readonly number[];
  readonly architectures: readonly Architecture[];
  /** Today's among them; empty: nothing is varied. */
  readonly variants?: readonly Variant[];
  /** Of variants: one that cannot run on an architecture is not measured there. */
  readonly preflights?: readonly VariantPreflight[] | undefined;
  /** Warm ones per configuration, over all its environments. */
  readonly invocations: number;
  /** Environments per configuration. */
  readonly concurrency: number;
  readonly maxInFlight?: number | undefined;
  readonly payloads: readonly Payload[];
  /** Architectures for which code or an image was given besides the target's own. */
  readonly otherCode?: Readonly<Partial<Record<Architecture, boolean>>>;
  readonly maxSpendUsd?: number | undefined;
  /** Race the sizes instead of measuring each in full. */
  readonly race?: RaceRequest | undefined;
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number | undefined;
  readonly pace?: RunPace | undefined;
}

/** What a race is asked; sizes and what is known of the function come from the plan. */
export interface RaceRequest
  extends Pick<
    SearchOptions,
    'goal' | 'effort' | 'tolerance' | 'seed' | 'maxP95Ms' | 'coldShare' | 'maxErrorShare' | 'refine' | 'prior'
  > {
  /** `climb`: sizes are rungs, called only as far as they promise something. `all`: every size gets a first look. */
  readonly sizes: 'climb' | 'all';
}

export interface Plan extends RunPace {
  readonly sampling: Sampling;
  /** To measure, the reference first, then the architectures in turn from the smallest size up. */
  readonly configurations: readonly Configuration[];
  /** Of variants that cannot run, by their preflight: never called. */
  readonly leftOut: readonly { readonly configuration: Configuration; readonly reason: string }[];
  /** Of an architecture that the backend cannot run: a price only, never called. */
  readonly projected: readonly Configuration[];
  /** Made first; answers once before any other is called. */
  readonly reference: Configuration;
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
  readonly maxInFlight: number;
  readonly estimate: Estimate;
  /** From the start to the worst-case end, with a margin. */
  readonly leaseSeconds: number;
  readonly warnings: readonly Warning[];
}

/** Throws TuneError USAGE when nothing is left to measure, PRICE when a price that is needed is not known. */
export function planRun(request: PlanRequest, facts: FunctionFacts, costModel: CostModel): Plan {
  const warnings: Warning[] = [];
  const memoryMb = allowedSizes(request.memoryMb, facts.memoryLimitMb, warnings);
  const { runnable, projectable } = splitArchitectures(request, facts, warnings);
  const { race } = request;
  const asked = race?.sizes === 'climb' ? withCurrent(memoryMb, facts) : memoryMb;
  const wanted = ordered(asked, runnable, facts, request.variants);
  const leftOut = wanted.flatMap((configuration) => leftOutBy(request.preflights, configuration));
  const [reference, ...others] = wanted.filter((one) => !leftOut.some(({ configuration }) => configuration === one));
  if (reference === undefined) throw nothingLeft(request, facts);

  const environmentsPerConfiguration = Math.min(request.concurrency, request.invocations);
  if (race === undefined && environmentsPerConfiguration < request.concurrency) {
    const text = `${numberOf(request.invocations, 'invocation opens', 'invocations open')} only ${request.invocations === 1 ? 'one environment' : 'as many environments'} per configuration, not ${request.concurrency}.`;
    warnings.push({ code: 'fewerEnvironments', text });
  }
  if (race === undefined && request.payloads.length > request.invocations / environmentsPerConfiguration) {
    const text = `${request.payloads.length} payloads are more than an environment gets calls; raise --invocations to measure each.`;
    warnings.push({ code: 'fewInvocationsForPayloads', text });
  }
  warnings.push(...linesNotSent(request, environmentsPerConfiguration));
  warnings.push(...inFlightWarnings(request.maxInFlight, facts), ...coresMissing(asked, facts));

  const configurations = [reference, ...others];
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
  if (request.maxSpendUsd !== undefined && estimate.expectedUsd > request.maxSpendUsd) {
    const text = `About US$ ${estimate.expectedUsd.toPrecision(2)} are expected, more than the cap of US$ ${request.maxSpendUsd}: the run will stop early.`;
    warnings.push({ code: 'capBelowEstimate', text });
  }
  const projected = ordered(asked, projectable, facts, request.variants);
  const leaseSeconds = Math.ceil(worstCaseSeconds(size, facts) + leaseMarginSeconds);
  return { ...size, sampling, leftOut, projected, reference, estimate, leaseSeconds, warnings };
}

function leftOutBy(preflights: PlanRequest['preflights'] = [], configuration: Configuration): Plan['leftOut'] {
  const { architecture, variant } = configuration;
  const own = preflights.find((one) => one.wanted === architecture && one.variant === variant?.name);
  if (own?.verdict !== 'incompatible') return [];
  const [first] = own.findings.filter(({ blocking }) => blocking);
  const why =
    first === undefined ? '' : `${first.path || first.where} ${first.reason ?? `is built for ${first.architecture}`}`;
  return [{ configuration, reason: `${preflightReason}${why}` }];
}

/** The same lines go to every configuration, so fewer calls than lines leave the last ones out. */
function linesNotSent(
  { payloads, invocations, race }: PlanRequest,
  environmentsPerConfiguration: number,
): readonly Warning[] {
  const lines = payloads[0]?.lines?.length ?? 0;
  const calls = Math.floor(invocations / environmentsPerConfiguration);
  if (race !== undefined || lines <= calls) return [];
  const text = `The payload has ${lines} lines, and an environment gets ${calls} warm calls: it is sent the first ${calls}, the same at every size; raise --invocations to send more.`;
  return [{ code: 'linesNotSent', text }];
}

/** The embedded endpoint cannot give more CPU than this machine has. */
function coresMissing(memoryMb: readonly number[], { emulation }: FunctionFacts): readonly Warning[] {
  if (emulation === undefined) return [];
  const { cores } = emulation;
  const short = memoryMb.filter((size) => vcpusOf(size) > cores);
  if (short.length === 0) return [];
  const machine = cores === 1 ? 'one core' : `${cores} cores`;
  const text = `This machine has ${machine}. On Lambda ${short.join(', ')} MB get more vCPUs than that; here they are no faster for it.`;
  return [{ code: 'coresMissing', text }];
}

/** People ask what they save, so the current setting is always among the sizes of a climb. */
function withCurrent(memoryMb: readonly number[], { memoryMb: currentMb }: FunctionFacts): readonly number[] {
  return [...new Set([...memoryMb, currentMb])].sort((a, b) => a - b);
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
    payloads: request.payloads.map(({ name, weight }) => ({ name, weight })),
  };
}

/** Deletions that wait for a Pending shadow take up to five minutes; ten more for a slow network and a slept laptop. */
const leaseMarginSeconds = 15 * 60;

/**
 * The function as it is, and its own architecture, where they are among them; of the sizes its own or the nearest above, else the largest below.
 * Undefined for an empty list.
 */
export function pickReference(
  configurations: readonly Configuration[],
  facts: Pick<FunctionFacts, 'architecture' | 'memoryMb'>,
): Configuration | undefined {
  const asItIs = preferring(configurations, (one) => sameVariant(one, {}));
  const bySize = preferring(asItIs, ({ architecture }) => architecture === facts.architecture).toSorted(
    (a, b) => a.memoryMb - b.memoryMb,
  );
  return bySize.find(({ memoryMb }) => memoryMb >= facts.memoryMb) ?? bySize.at(-1);
}

function preferring<T>(all: readonly T[], isPreferred: (one: T) => boolean): readonly T[] {
  const preferred = all.filter(isPreferred);
  return preferred.length > 0 ? preferred : all;
}

function allowedSizes(asked: readonly number[], limitMb: number, warnings: Warning[]): readonly number[] {
  const sizes = [...new Set(asked)].sort((a, b) => a - b);
  const dropped = sizes.filter((memoryMb) => memoryMb > limitMb);
  if (dropped.length > 0) {
    const text = `This account allows functions of at most ${limitMb} MB; left out: ${dropped.join(', ')} MB.`;
    warnings.push({ code: 'memoryLimit', text });
  }
  return sizes.filter((memoryMb) => memoryMb <= limitMb);
}

function splitArchitectures({ architectures, otherCode = {} }: PlanRequest, facts: FunctionFacts, warnings: Warning[]) {
  const available = [...new Set(architectures)].filter((architecture) => {
    // A zip's code is tried on either architecture; an image is built for one.
    const hasCode =
      facts.packageType === 'Zip' || architecture === facts.architecture || otherCode[architecture] === true;
    if (!hasCode) {
      const option = architecture === 'arm64' ? '--arm64-image' : '--x86-image';
      const text = `${architecture} is left out: the function's image is built for ${facts.architecture}. Name another with ${option}.`;
      warnings.push({ code: 'noImage', text });
    }
    return hasCode;
  });
  const runs = (architecture: Architecture) => facts.emulation?.architectures.includes(architecture) ?? true;
  return { runnable: available.filter(runs), projectable: available.filter((architecture) => !runs(architecture)) };
}

/** The reference first; then size by size, so that a run that ends early has compared architectures at what it has. */
function ordered(
  memoryMb: readonly number[],
  architectures: readonly Architecture[],
  facts: FunctionFacts,
  variants: readonly Variant[] = [],
): readonly Configuration[] {
  const ownFirst = architectures.toSorted(
    (a, b) => Number(b === facts.architecture) - Number(a === facts.architecture),
  );
  const all = memoryMb.flatMap((size) =>
    ownFirst.flatMap((architecture): readonly Configuration[] =>
      variants.length === 0
        ? [{ memoryMb: size, architecture }]
        : variants.map((variant) => ({ memoryMb: size, architecture, variant })),
    ),
  );
  const reference = pickReference(all, facts);
  return reference === undefined ? [] : [reference, ...all.filter((configuration) => configuration !== reference)];
}

function nothingLeft({ memoryMb, architectures }: PlanRequest, facts: FunctionFacts): TuneError {
  const smallest = Math.min(...memoryMb);
  if (smallest > facts.memoryLimitMb) {
    return new TuneError(
      'USAGE',
      `This account allows functions of at most ${facts.memoryLimitMb} MB; all sizes asked for are above.`,
      {
        hint: `Give sizes up to ${facts.memoryLimitMb} MB, or ask AWS Support to raise the limit.`,
      },
    );
  }
  const runs = facts.emulation?.architectures.join(' and ') ?? facts.architecture;
  return new TuneError(
    'USAGE',
    `Nothing can be measured on ${architectures.join(' and ')}: only ${runs} can run here.`,
    {
      hint: `Add ${runs.replace(' and ', ',')} to --architecture.`,
    },
  );
}
