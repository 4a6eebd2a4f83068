import type { FunctionConfiguration, GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { TuneError } from '../../base/errors.ts';

/**
 * What the service answers is checked before it is used: the SDK passes on whatever JSON it was given, of any type.
 * Only fields that are read here; others may be what they like.
 */

const text = z.string().max(16_384).optional();
const texts = z.array(z.string().max(2048)).optional();
const textMap = z.record(z.string(), z.string()).optional();
const count = z.int().min(0).optional();

const configurationSchema = z.object({
  FunctionName: text,
  FunctionArn: text,
  Runtime: text,
  Role: text,
  Handler: text,
  CodeSize: count,
  Description: text,
  Timeout: count,
  MemorySize: count,
  CodeSha256: text,
  Version: text,
  PackageType: text,
  State: text,
  StateReason: text,
  StateReasonCode: text,
  LastUpdateStatus: text,
  LastUpdateStatusReason: text,
  LastUpdateStatusReasonCode: text,
  KMSKeyArn: text,
  Architectures: texts,
  Environment: z.object({ Variables: textMap }).optional(),
  EphemeralStorage: z.object({ Size: z.int().min(1).max(1_048_576).optional() }).optional(),
  SnapStart: z.object({ ApplyOn: text, OptimizationStatus: text }).optional(),
  TracingConfig: z.object({ Mode: text }).optional(),
  LoggingConfig: z.object({ LogFormat: text, LogGroup: text }).optional(),
  RuntimeVersionConfig: z.object({ RuntimeVersionArn: text }).optional(),
  Layers: z.array(z.object({ Arn: text })).optional(),
  VpcConfig: z.object({ SubnetIds: texts, SecurityGroupIds: texts, VpcId: text }).optional(),
  FileSystemConfigs: z.array(z.object({ Arn: text, LocalMountPath: text })).optional(),
  DeadLetterConfig: z.object({ TargetArn: text }).optional(),
});

const functionSchema = z.object({
  Configuration: configurationSchema.optional(),
  Code: z.object({ RepositoryType: text, Location: text, ImageUri: text, ResolvedImageUri: text }).optional(),
  Tags: textMap,
  Concurrency: z.object({ ReservedConcurrentExecutions: count }).optional(),
});

const accountSchema = z.object({
  AccountLimit: z.object({ UnreservedConcurrentExecutions: count, TotalCodeSize: count }).optional(),
  AccountUsage: z.object({ TotalCodeSize: count }).optional(),
});

/** @throws TuneError SERVICE, for all of these */
export function checkedFunction(answer: GetFunctionCommandOutput): GetFunctionCommandOutput {
  return checked(answer, functionSchema, 'GetFunction');
}

export function checkedConfiguration(answer: FunctionConfiguration, operation: string): FunctionConfiguration {
  return checked(answer, configurationSchema, operation);
}

export function checkedAccount<Answer>(answer: Answer): Answer {
  return checked(answer, accountSchema, 'GetAccountSettings');
}

/** The answer itself: what is not looked at stays in it. */
function checked<Answer>(answer: Answer, schema: z.ZodType, operation: string): Answer {
  const read = schema.safeParse(answer);
  if (read.success) return answer;
  // Never the value: it may be the function's secret.
  const field = read.error.issues[0]?.path.slice(0, 3).map(String).join('.') ?? '';
  throw new TuneError('SERVICE', `The endpoint's answer to ${operation} is not usable: ${field} is not valid.`);
}
