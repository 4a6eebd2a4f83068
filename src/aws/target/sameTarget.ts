import { isDeepStrictEqual } from 'node:util';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { TargetSource } from './targetSource.ts';

/** What names a function or says what became of it, and nothing of how it runs. */
const identity: ReadonlySet<string> = new Set([
  'FunctionName',
  'FunctionArn',
  'Description',
  'Version',
  'MasterArn',
  'LastModified',
  'RevisionId',
  'State',
  'StateReason',
  'StateReasonCode',
  'LastUpdateStatus',
  'LastUpdateStatusReason',
  'LastUpdateStatusReasonCode',
  'ConfigSha256',
] satisfies (keyof FunctionConfiguration | 'ConfigSha256')[]);

/**
 * Whether two functions are the same code (by its hash) with the same settings, values of the environment included. Memory
 * size and architecture are looked at by whoever chooses them.
 */
export function isSameTarget(one: TargetSource, other: TargetSource): boolean {
  const [a, b] = [runningPart(one), runningPart(other)];
  return a.CodeSha256 !== undefined && isDeepStrictEqual(a, b);
}

function runningPart(source: TargetSource): Record<string, unknown> {
  const { configuration } = source.reveal();
  const { MemorySize: _memory, Architectures: _architectures, LoggingConfig, SnapStart, ...rest } = configuration;
  // The log group is named after the function unless another was chosen, and copies write to the run's own anyway.
  const { LogGroup: _group, ...logging } = LoggingConfig ?? {};
  const kept = Object.entries(rest).filter(([key, setting]) => !identity.has(key) && setting !== undefined);
  // Whether the snapshot is there differs between a version and $LATEST.
  return { ...Object.fromEntries(kept), LoggingConfig: logging, SnapStart: { ApplyOn: SnapStart?.ApplyOn } };
}
