import { createHash } from 'node:crypto';
import type { RunOptions } from '../config.ts';
import { type MemoryRequest, parseMemorySizes } from '../domain/memorySizes.ts';
import type { CostModel, FunctionFacts, Payload } from '../domain/model.ts';
import { planRun } from '../domain/plan.ts';
import { parsePriceOption } from '../domain/priceOption.ts';
import { costModelFor } from '../domain/pricing.ts';
import { TuneError } from '../errors.ts';
import type { TuneJob } from '../tune.ts';
import { toolVersion } from '../version.ts';

export type MemoryList = Extract<MemoryRequest, { kind: 'list' }>;

const defaults = { invocations: 20, maxErrorShare: 0.1, concurrency: { aws: 2, local: 1 } } as const;

/** The sizes asked for. Throws TuneError USAGE when there are none, or they are not a list. */
export function memoryListOf(options: RunOptions): MemoryList {
  const request = options.memory === undefined ? undefined : parseMemorySizes(options.memory);
  if (request?.kind === 'list') return request;
  throw new TuneError(
    'USAGE',
    request === undefined ? 'No memory sizes are given.' : `--memory ${options.memory} is not a list of sizes.`,
    { hint: 'Example: --memory 128,512,1024,2048' },
  );
}

/** Everything about a run that is decided before it begins. */
export function planJob(
  options: RunOptions,
  described: { readonly facts: FunctionFacts; readonly path?: string },
  memory: MemoryList,
  payloads: readonly Payload[],
  runId: string,
): TuneJob {
  const { facts, path } = described;
  const costModel = priceOf(options, facts.region);
  const architectures = options.architecture ?? ['x86_64', 'arm64'];
  const invocations = options.invocations ?? defaults.invocations;
  const concurrency = options.concurrency ?? defaults.concurrency[facts.emulation === undefined ? 'aws' : 'local'];
  const plan = planRun(
    {
      memoryMb: memory.memoryMb,
      architectures,
      invocations,
      concurrency,
      payloads,
      otherCode: { x86_64: options.x86Image !== undefined, arm64: options.arm64Image !== undefined },
      ...(options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight }),
      ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
    },
    facts,
    costModel,
  );
  const maxErrorShare = options.maxErrorShare ?? defaults.maxErrorShare;
  return {
    runId,
    toolVersion,
    facts,
    plan: { ...plan, warnings: [...memory.warnings, ...plan.warnings] },
    costModel,
    payloads,
    payloadTemplate: options.payloadTemplate ?? false,
    maxErrorShare,
    ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
    recorded: {
      memoryMb: [...memory.memoryMb],
      architectures: [...architectures],
      invocations,
      concurrency: plan.environmentsPerConfiguration,
      maxInFlight: plan.maxInFlight,
      maxErrorShare,
      ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
      payloadTemplate: options.payloadTemplate ?? false,
      payloads: payloads.map(({ name, body, weight }) => ({
        name,
        sha256: createHash('sha256').update(body).digest('hex'),
        bytes: Buffer.byteLength(body),
        weight,
      })),
      envNames: Object.keys(options.env ?? {}),
    },
    ...(path === undefined ? {} : { path }),
  };
}

function priceOf(options: RunOptions, region: string): CostModel {
  return options.price === undefined ? costModelFor(region) : parsePriceOption(options.price, region);
}

/** A new run's name: short enough to read, long enough that no two runs of one account share it. */
export function newRunId(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, 10);
}
