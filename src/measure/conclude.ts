import { decide } from '../advice/answer.ts';
import { atTraffic } from '../advice/atTraffic.ts';
import { type Analysis, analyze } from '../analysis/analyze.ts';
import { continuedDrift, type TwoParts } from '../analysis/continuedDrift.ts';
import { hostPriorsOf } from '../analysis/hosts.ts';
import { choicesBeside } from '../analysis/savedRun/besideAnswer.ts';
import { payloadShares } from '../analysis/summarize.ts';
import { sameConfiguration } from '../model/configuration.ts';
import { compilesInUse } from '../model/lambda/runtimes.ts';
import type { LeftBehind } from '../model/platform.ts';
import { resultSchemaVersion, type TuningResult, type Undecided } from '../model/run.ts';
import type { VariantResponses } from '../model/variantResponses.ts';
import type { Warning } from '../model/warning.ts';
import type { Plan } from '../plan/plan.ts';
import type { NotCalled } from '../search/explain.ts';
import { choicesOf, recordedSearch } from '../search/raceResult.ts';
import type { SearchOutcome } from '../search/search.ts';
import type { EndedLane } from './subject.ts';
import type { TuneJob } from './tuneJob.ts';

/** What a run knows when it has ended, however it ended. */
export interface RunEnd {
  /** `measurements` begins with what an earlier run had measured. */
  readonly lanes: readonly EndedLane[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly ended: TuningResult['ended'];
  /** Calls of this run. */
  readonly invocations: number;
  readonly spentUsd: number;
  readonly throttles: number;
  readonly warnings: readonly Warning[];
  readonly leftBehind: readonly LeftBehind[];
  /** Of variants, as this run met them. */
  readonly responses?: readonly VariantResponses[] | undefined;
  /** What a race found, when it came to an answer. */
  readonly search?: SearchOutcome | undefined;
}

/** What the measurements alone tell: known before everything is removed. */
export function analysisOf(job: TuneJob, ended: Pick<RunEnd, 'lanes' | 'search'>): Analysis {
  const { facts, plan } = job;
  const lanes = ended.lanes.map(({ configuration, measurements, stopped }) => ({
    configuration,
    measurements,
    stopped,
  }));
  return analyze({
    lanes: [...lanes, ...(ended.search?.notCalled ?? []).map(notCalledLane), ...plan.leftOut.map(leftOutLane)],
    // Of a race, what was called on another architecture.
    projected: plan.projected.filter(
      (one) =>
        plan.sampling.kind === 'full' ||
        lanes.some(({ configuration }) =>
          sameConfiguration({ ...one, architecture: configuration.architecture }, configuration),
        ),
    ),
    current: { memoryMb: facts.memoryMb, architecture: facts.architecture },
    payloads: payloadShares(job.payloads),
    maxErrorShare: job.maxErrorShare,
    tolerance: job.tolerance,
    allowedErrors: job.allowedErrors,
    coldShare: job.coldShare,
    maxP95Ms: job.maxP95Ms,
    costModel: job.costModel,
    ephemeralStorageMb: facts.ephemeralStorageMb,
    compilesInUse: compilesInUse(facts.runtime),
    emulation: facts.emulation,
  });
}

/** The saved run: everything that is shown of it is rendered from this. */
export function concludeRun(job: TuneJob, ended: RunEnd, analysis: Analysis = analysisOf(job, ended)): TuningResult {
  const { facts, plan } = job;
  const run: Undecided = {
    tool: { name: 'lambda-tune', version: job.toolVersion },
    runId: job.runId,
    startedAt: ended.startedAt.toISOString(),
    finishedAt: ended.finishedAt.toISOString(),
    ended: ended.ended,
    backend: facts.emulation === undefined ? 'aws' : 'local',
    emulation:
      facts.emulation === undefined
        ? undefined
        : { ...facts.emulation, architectures: [...facts.emulation.architectures] },
    target: targetOf(job),
    costModel: job.costModel,
    options: job.recorded,
    continued: job.continued?.record,
    configurations: [...analysis.configurations],
    comparedBy: analysis.comparedBy,
    responses: knownResponses(job, ended.responses),
    preflights: job.preflights === undefined || job.preflights.length === 0 ? undefined : [...job.preflights],
    search: plan.sampling.kind === 'race' ? recordedSearch(plan.sampling.search, ended.search) : undefined,
    spend: {
      invocations: ended.invocations,
      estimatedUsd: plan.estimate.expectedUsd,
      worstCaseUsd: plan.estimate.worstCaseUsd,
      actualUsd: ended.spentUsd,
      throttles: ended.throttles,
    },
    warnings: [
      ...facts.notices,
      ...(job.continued?.warnings ?? []),
      ...continuedDrift(partsOf(ended), job.payloads, hostPriorsOf(facts.emulation)),
      ...plan.warnings,
      ...ended.warnings,
      ...analysis.warnings,
    ],
    leftBehind: [...ended.leftBehind],
  };
  const decided = decide(run);
  const result: TuningResult = {
    ...run,
    schemaVersion: resultSchemaVersion,
    ...decided,
    ...choicesBeside(decided.answer, choicesOf(analysis, ended.search)),
  };
  return job.traffic === undefined ? result : atTraffic(result, job.traffic);
}

/** What this run did not meet again is known from the one that it continues. */
function knownResponses({ continued }: TuneJob, met: readonly VariantResponses[] = []): TuningResult['responses'] {
  const earlier = (continued?.responses ?? []).filter(({ variant }) => met.every((one) => one.variant !== variant));
  return met.length + earlier.length === 0 ? undefined : [...met, ...earlier];
}

function partsOf({ lanes }: RunEnd): readonly TwoParts[] {
  return lanes.map(({ configuration: { architecture }, earlier, measurements }) => ({
    architecture,
    earlier,
    later: measurements.slice(earlier.length),
  }));
}

function leftOutLane({ configuration, reason }: Plan['leftOut'][number]) {
  return { configuration, measurements: [], stopped: { kind: 'unmeasured', reason } } as const;
}

function notCalledLane({ configuration, text }: NotCalled) {
  return { configuration, measurements: [], stopped: { kind: 'unmeasured', reason: `not called: ${text}` } } as const;
}

function targetOf({ facts, path, template, triggers }: TuneJob): TuningResult['target'] {
  return {
    functionName: facts.functionName,
    functionArn: facts.functionArn,
    qualifier: facts.qualifier,
    version: facts.version,
    runtime: facts.runtime,
    packageType: facts.packageType,
    codeSha256: facts.codeSha256,
    memoryMb: facts.memoryMb,
    architecture: facts.architecture,
    timeoutS: facts.timeoutS,
    ephemeralStorageMb: facts.ephemeralStorageMb,
    reservedConcurrency: facts.reservedConcurrency,
    unreservedConcurrency: facts.unreservedConcurrency,
    region: facts.region,
    triggers: triggers === undefined ? undefined : [...triggers],
    path,
    definition:
      facts.handler === undefined && facts.stack === undefined ? undefined : { ...facts.stack, handler: facts.handler },
    template,
  };
}
