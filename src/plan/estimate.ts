import type { Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { HookCosts } from '../model/hooks.ts';
import { compilesInUse } from '../model/lambda/runtimes.ts';
import { factsAs } from '../model/variant.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { restoreCostUsd, snapshotCacheCostUsd } from '../pricing/snapStartCost.ts';
import { mostStreamed, streamedBytesCostUsd } from '../pricing/streamedBytesCost.ts';
import { type EffortName, efforts } from '../search/options.ts';

/** What a run will take, told before it begins. */
export interface RunEstimate {
  readonly invocations: number;
  /** Rests on `assumption`. */
  readonly expectedUsd: number;
  /** Every call billed up to its timeout, cold ones with the longest init before it. */
  readonly worstCaseUsd: number;
  readonly expectedSeconds: number;
  /** A sentence: what the expected figures rest on. */
  readonly assumption: string;
  /** Sentences: charges of Lambda that belong to this run and could not be priced. */
  readonly notIncluded: readonly string[];
}

/** Said wherever an estimate or the spend cap is shown. */
export const estimateCovers =
  "Lambda's own charges only: not logs, X-Ray, data transfer, NAT, KMS, monitoring vendors, nor what the function itself calls.";

/** What slows a run down on purpose, and what is called beside its calls. */
export interface RunPace {
  readonly hooks?: HookCosts | undefined;
  /** Between two calls of an environment. */
  readonly pauseMs?: number | undefined;
  /** Over all configurations. */
  readonly maxRatePerS?: number | undefined;
}

export interface RunSize extends RunPace {
  readonly configurations: readonly Configuration[];
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
  readonly maxInFlight: number;
}

/** Longest init on demand; a longer one is repeated inside the invocation, under its timeout (AWS documentation). */
const longestInitMs = 10_000;
/** A reference that fails is asked twice more before it is believed. */
const referenceRepeats = 2;
/** Before anything was measured. */
export const assumedMs = 1000;

type EstimateFacts = Pick<
  FunctionFacts,
  'timeoutS' | 'ephemeralStorageMb' | 'snapStart' | 'runtime' | 'emulation' | 'streams'
>;

/** Throws TuneError PRICE when the function has ephemeral storage whose price is not known. */
export function estimateOf(size: RunSize, facts: EstimateFacts, costModel: CostModel): RunEstimate {
  const callMs = Math.min(assumedMs, facts.timeoutS * 1000);
  const expected = expectedOf(size, facts, costModel, () => ({ coldMs: callMs, warmMs: callMs }));
  return {
    ...expected,
    invocations: size.configurations.length * callsEach(size),
    worstCaseUsd: worstCaseOfRun(size, facts, costModel),
    assumption: `Nothing is measured yet: it is assumed that every call bills ${callMs} ms.${compilesInUse(facts.runtime) ? ' This runtime compiles code while it is used: sizes whose calls still become faster are called on, within the most that is said here.' : ''}${size.hooks?.hasCommands ? ' How long the commands of hooks take is not known.' : ''}`,
    notIncluded: [
      ...(size.configurations.some((one) => snapStartUnpriced(factsAs(facts, one), costModel))
        ? [`SnapStart's charges for restores and snapshots: their prices in ${costModel.region} are not known.`]
        : []),
      ...streamingNotes(facts, costModel),
    ],
  };
}

/**
 * Of a race: most sizes get one look and only the close ones more, so the expected figures count a first look at every
 * size, which is more than a climb usually takes. The worst case is every size called until its cap.
 */
export function estimateOfRace(
  size: RunSize,
  race: { readonly effort: EffortName },
  facts: EstimateFacts,
  costModel: CostModel,
): RunEstimate {
  const look = estimateOf({ ...size, environmentsPerConfiguration: 1 }, facts, costModel);
  const most = { ...size, environmentsPerConfiguration: size.environmentsPerConfiguration + 1 };
  const worst = estimateOf({ ...most, warmInvocations: efforts[race.effort].capBest }, facts, costModel);
  return {
    ...look,
    worstCaseUsd: worst.worstCaseUsd,
    assumption: `${look.assumption} A race calls most sizes a few times and only the close ones more often; the figure counts a first look at every size.`,
  };
}

/** US$ of one call at its worst: its environment is new, init takes as long as it may, and the call runs into its timeout. */
export function worstCaseUsd(configuration: Configuration, facts: EstimateFacts, costModel: CostModel): number {
  return (
    callUsd(configuration, facts.timeoutS * 1000 + longestInitMs, facts, costModel) +
    restoreUsd(configuration, facts, costModel) +
    mostStreamedUsd(facts, costModel)
  );
}

/** Seconds from the start to the end if every call ran into its timeout. */
export function worstCaseSeconds(size: RunSize, facts: EstimateFacts): number {
  const callSeconds = facts.timeoutS + longestInitMs / 1000;
  const calls = size.configurations.length * callsEach(size) + referenceRepeats;
  // Any order of work that leaves no slot idle ends within this (R. L. Graham, 1966).
  const { pauseMs = 0, maxRatePerS } = size;
  const waiting = (longestChain(size) * pauseMs) / 1000 + (maxRatePerS === undefined ? 0 : calls / maxRatePerS);
  const measuring = (calls / slots(size)) * callSeconds + longestChain(size) * callSeconds + waiting;
  // SnapStart versions are Pending for up to 26 minutes (5 s × 312), others for as long as a network interface takes.
  const snapStarts = size.configurations.some((one) => factsAs(facts, one).snapStart);
  return measuring + (snapStarts ? 1560 : 300);
}

function expectedOf(
  size: RunSize,
  facts: EstimateFacts,
  costModel: CostModel,
  billedMs: (configuration: Configuration) => { readonly coldMs: number; readonly warmMs: number },
): { readonly expectedUsd: number; readonly expectedSeconds: number } {
  const { hooks, pauseMs = 0, maxRatePerS } = size;
  const hookMs = hooks?.perCall.expectedMs ?? 0;
  let expectedUsd = 0;
  let totalMs = 0;
  let longestMs = 0;
  for (const configuration of size.configurations) {
    const { coldMs, warmMs } = billedMs(configuration);
    const { environmentsPerConfiguration: cold, warmInvocations: warm } = size;
    expectedUsd +=
      cold * (callUsd(configuration, coldMs, facts, costModel) + restoreUsd(configuration, facts, costModel)) +
      warm * callUsd(configuration, warmMs, facts, costModel) +
      cacheUsd(configuration, 0, facts, costModel);
    totalMs += cold * coldMs + warm * warmMs + (cold + warm) * hookMs;
    const chain = longestChain(size);
    longestMs = Math.max(longestMs, coldMs + (chain - 1) * (warmMs + pauseMs) + chain * hookMs);
  }
  const calls = size.configurations.length * callsEach(size);
  const rateMs = maxRatePerS === undefined ? 0 : (1000 * calls) / maxRatePerS;
  const measuringSeconds = Math.max(longestMs, totalMs / slots(size), rateMs) / 1000;
  expectedUsd += calls * (hooks?.perCall.expectedUsd ?? 0) + (hooks?.perRun.expectedUsd ?? 0);
  return { expectedUsd, expectedSeconds: measuringSeconds + controlSeconds(size, facts) };
}

function worstCaseOfRun(size: RunSize, facts: EstimateFacts, costModel: CostModel): number {
  const hours = worstCaseSeconds(size, facts) / 3600;
  const each = size.configurations.map((configuration) => {
    const worst = worstCaseUsd(configuration, facts, costModel);
    const warm = callUsd(configuration, facts.timeoutS * 1000, facts, costModel) + mostStreamedUsd(facts, costModel);
    return (
      size.environmentsPerConfiguration * worst +
      size.warmInvocations * warm +
      cacheUsd(configuration, hours, facts, costModel)
    );
  });
  const [reference] = size.configurations;
  const repeats = reference === undefined ? 0 : referenceRepeats * worstCaseUsd(reference, facts, costModel);
  const calls = size.configurations.length * callsEach(size) + referenceRepeats;
  const hooks = calls * (size.hooks?.perCall.worstUsd ?? 0) + (size.hooks?.perRun.worstUsd ?? 0);
  return each.reduce((sum, usd) => sum + usd, repeats + hooks);
}

function callsEach({ environmentsPerConfiguration, warmInvocations }: RunSize): number {
  return environmentsPerConfiguration + warmInvocations;
}

function longestChain({ environmentsPerConfiguration, warmInvocations }: RunSize): number {
  return 1 + Math.ceil(warmInvocations / environmentsPerConfiguration);
}

/** Calls that can really run side by side. */
function slots({ configurations, environmentsPerConfiguration, maxInFlight }: RunSize): number {
  return Math.max(1, Math.min(maxInFlight, configurations.length * environmentsPerConfiguration));
}

/** About four calls per configuration (create, publish, delete, a wait) at 5 a second; a zip is Active within seconds. */
function controlSeconds({ configurations }: RunSize, { emulation }: EstimateFacts): number {
  return emulation !== undefined ? 2 : 10 + Math.max(0, (4 * configurations.length - 10) / 5);
}

function callUsd(
  configuration: Configuration,
  billedDurationMs: number,
  facts: EstimateFacts,
  costModel: CostModel,
): number {
  const { ephemeralStorageMb } = facts;
  return invocationCostUsd({ ...configuration, billedDurationMs, ephemeralStorageMb }, costModel);
}

/** 0 without SnapStart, and where its price is not known (then `notIncluded` says so). */
function restoreUsd(configuration: Configuration, facts: EstimateFacts, costModel: CostModel): number {
  const { memoryMb } = configuration;
  const { snapStart, runtime } = factsAs(facts, configuration);
  return snapStart ? (restoreCostUsd(runtime, memoryMb, costModel) ?? 0) : 0;
}

/** 0 where nothing is streamed, and where the price is not known (then `notIncluded` says so). */
function mostStreamedUsd({ streams, timeoutS }: EstimateFacts, { region }: CostModel): number {
  return streams === undefined ? 0 : (streamedBytesCostUsd(mostStreamed(timeoutS), region) ?? 0);
}

/** How long answers are is not known before one was read. */
function streamingNotes({ streams, timeoutS }: EstimateFacts, { region }: CostModel): readonly string[] {
  if (streams === undefined) return [];
  return streamedBytesCostUsd(mostStreamed(timeoutS), region) === undefined
    ? [`What is streamed beyond the first 6 MB of an answer: its price in ${region} is not known.`]
    : [
        'What is streamed beyond the first 6 MB of an answer is in the worst case alone: how long answers are is not known yet.',
      ];
}

function cacheUsd(configuration: Configuration, hours: number, facts: EstimateFacts, costModel: CostModel): number {
  const { memoryMb } = configuration;
  const { snapStart, runtime } = factsAs(facts, configuration);
  return snapStart ? (snapshotCacheCostUsd(runtime, memoryMb, hours, costModel) ?? 0) : 0;
}

function snapStartUnpriced({ snapStart, runtime }: EstimateFacts, costModel: CostModel): boolean {
  return snapStart && restoreCostUsd(runtime, 1024, costModel) === undefined;
}
