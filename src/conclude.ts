import { analyze } from './domain/analyze.ts';
import type { Measurement, Warning } from './domain/model.ts';
import type { LeftBehind } from './domain/platform.ts';
import { resultSchemaVersion, type TuningResult } from './domain/result.ts';
import type { Lane } from './lane.ts';
import type { TuneJob } from './tune.ts';

/** What a run knows when it has ended, however it ended. */
export interface Ended {
  readonly lanes: readonly (Omit<Lane, 'measurements'> & { readonly measurements: readonly Measurement[] })[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly ended: TuningResult['ended'];
  readonly spentUsd: number;
  readonly throttles: number;
  readonly warnings: readonly Warning[];
  readonly leftBehind: readonly LeftBehind[];
}

/** A tie is anything within it of the best: people do not move production for less. */
export const tieTolerance = 0.03;

/** The saved run: everything that is shown of it is rendered from this. */
export function concludeRun(job: TuneJob, ended: Ended): TuningResult {
  const { facts, plan } = job;
  const { configurations, cheapest, fastest, balanced, warnings } = analyze({
    lanes: ended.lanes.map(({ configuration, measurements, stopped }) => ({
      configuration,
      measurements,
      ...(stopped === undefined ? {} : { stopped }),
    })),
    projected: plan.projected,
    current: { memoryMb: facts.memoryMb, architecture: facts.architecture },
    payloads: job.payloads.map(({ name, weight }) => ({ name, weight })),
    maxErrorShare: job.maxErrorShare,
    tolerance: tieTolerance,
    costModel: job.costModel,
    ephemeralStorageMb: facts.ephemeralStorageMb,
    ...(facts.emulation === undefined ? {} : { emulation: facts.emulation }),
  });
  return {
    schemaVersion: resultSchemaVersion,
    tool: { name: 'lambda-tune', version: job.toolVersion },
    runId: job.runId,
    startedAt: ended.startedAt.toISOString(),
    finishedAt: ended.finishedAt.toISOString(),
    ended: ended.ended,
    backend: facts.emulation === undefined ? 'aws' : 'local',
    ...(facts.emulation === undefined
      ? {}
      : { emulation: { ...facts.emulation, architectures: [...facts.emulation.architectures] } }),
    target: targetOf(job),
    costModel: job.costModel,
    options: job.recorded,
    configurations: [...configurations],
    cheapest,
    fastest,
    balanced,
    spend: {
      invocations: ended.lanes.reduce((sum, lane) => sum + lane.measurements.length, 0),
      estimatedUsd: plan.estimate.expectedUsd,
      worstCaseUsd: plan.estimate.worstCaseUsd,
      actualUsd: ended.spentUsd,
      throttles: ended.throttles,
    },
    warnings: [...facts.notices, ...plan.warnings, ...ended.warnings, ...warnings],
    leftBehind: [...ended.leftBehind],
  };
}

function targetOf({ facts, path }: TuneJob): TuningResult['target'] {
  return {
    functionName: facts.functionName,
    functionArn: facts.functionArn,
    qualifier: facts.qualifier,
    version: facts.version,
    ...(facts.runtime === undefined ? {} : { runtime: facts.runtime }),
    packageType: facts.packageType,
    codeSha256: facts.codeSha256,
    memoryMb: facts.memoryMb,
    architecture: facts.architecture,
    timeoutS: facts.timeoutS,
    ephemeralStorageMb: facts.ephemeralStorageMb,
    region: facts.region,
    ...(path === undefined ? {} : { path }),
  };
}
