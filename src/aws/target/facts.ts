import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { TuneError } from '../../base/errors.ts';
import { architectureSchema } from '../../model/configuration.ts';
import type { Emulation, FunctionFacts } from '../../model/functionFacts.ts';
import type { Warning } from '../../model/warning.ts';
import { functionShapeOf } from './functionShape.ts';

/** What a run rests on: an answer without it is not a Lambda service's. */
const answered = z.object({
  FunctionName: z.string().min(1),
  FunctionArn: z.string().regex(/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:/),
  Version: z.string().min(1),
  CodeSha256: z.string().min(1),
  CodeSize: z.int().min(0),
  MemorySize: z.int().positive(),
  Timeout: z.int().positive(),
  Architectures: z.tuple([architectureSchema]).default(['x86_64']),
});

interface Surroundings {
  readonly qualifier: string;
  readonly region: string;
  readonly notices: readonly Warning[];
  /** Undefined: the account's settings may not be read. */
  readonly account?:
    | {
        readonly AccountLimit?:
          | { UnreservedConcurrentExecutions?: number | undefined; TotalCodeSize?: number | undefined }
          | undefined;
        readonly AccountUsage?: { TotalCodeSize?: number | undefined } | undefined;
      }
    | undefined;
  readonly reservedConcurrency?: number | undefined;
  readonly provisionedConcurrency?: number | undefined;
  readonly emulation?: Emulation | undefined;
  /** Its URL does. */
  readonly streams?: boolean | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** @throws TuneError SERVICE when the answer lacks what every Lambda service gives */
export function factsOf(configuration: FunctionConfiguration, around: Surroundings): FunctionFacts {
  const read = answered.safeParse(configuration);
  if (!read.success) {
    const field = read.error.issues[0]?.path.map(String).join('.') ?? '';
    throw new TuneError(
      'SERVICE',
      `The endpoint's answer to GetFunction is not usable: ${field} is missing or not valid.`,
    );
  }
  const { FunctionArn: arn, Architectures: architectures, ...fields } = read.data;
  const { runtime, packageType, ephemeralStorageMb } = functionShapeOf(configuration);
  const unreserved = around.account?.AccountLimit?.UnreservedConcurrentExecutions;
  const limitBytes = around.account?.AccountLimit?.TotalCodeSize;
  const usedBytes = around.account?.AccountUsage?.TotalCodeSize;
  return {
    functionName: fields.FunctionName,
    functionArn: arn.split(':').slice(0, 7).join(':'),
    accountId: arn.split(':')[4] ?? '',
    region: around.region,
    qualifier: around.qualifier,
    version: fields.Version,
    runtime,
    handler: configuration.Handler,
    packageType,
    codeSha256: fields.CodeSha256,
    codeSizeBytes: fields.CodeSize,
    memoryMb: fields.MemorySize,
    timeoutS: fields.Timeout,
    architecture: architectures[0],
    ephemeralStorageMb,
    snapStart: configuration.SnapStart?.ApplyOn === 'PublishedVersions',
    streams: around.streams === true ? 'url' : undefined,
    // New accounts allow 3,008 only, but no read tells: creating the first shadow above it does.
    memoryLimitMb: 10_240,
    reservedConcurrency: around.reservedConcurrency,
    unreservedConcurrency: unreserved,
    codeStorageFreeBytes:
      limitBytes === undefined || usedBytes === undefined ? undefined : Math.max(0, limitBytes - usedBytes),
    provisionedConcurrency: around.provisionedConcurrency,
    emulation: around.emulation,
    stack: stackOf(around.tags),
    notices: around.notices,
  };
}

/** CloudFormation tags what it makes; no other call tells. */
function stackOf(tags: Readonly<Record<string, string>>): FunctionFacts['stack'] {
  const stackName = tags['aws:cloudformation:stack-name'];
  const logicalId = tags['aws:cloudformation:logical-id'];
  return stackName === undefined && logicalId === undefined ? undefined : { stackName, logicalId };
}
