import type { FunctionCodeLocation, FunctionConfiguration } from '@aws-sdk/client-lambda';

/** Everything that was read of the target, environment values and the presigned code location included. */
export interface TargetSnapshot {
  readonly configuration: FunctionConfiguration;
  readonly code: FunctionCodeLocation;
  readonly tags: Readonly<Record<string, string>>;
  readonly codeSigningConfigArn?: string | undefined;
}

/**
 * The snapshot behind a function, in memory only: printing, logging or saving a source shows nothing of it, whoever does it
 * and however (JSON, inspect, template strings).
 */
export interface TargetSource {
  reveal(): TargetSnapshot;
  toJSON(): string;
  toString(): string;
}

export function targetSource(snapshot: TargetSnapshot): TargetSource {
  const shown = () => '[target: not shown]';
  return { reveal: () => snapshot, toJSON: shown, toString: shown };
}

/** What no message may quote. */
export function secretsOf(
  snapshot: TargetSnapshot,
  ...more: readonly Readonly<Record<string, string>>[]
): readonly string[] {
  const values = [snapshot.configuration.Environment?.Variables ?? {}, ...more].flatMap((variables) =>
    Object.values(variables),
  );
  return snapshot.code.Location === undefined ? values : [...values, snapshot.code.Location];
}
