import { TuneError } from '../../base/errors.ts';
import { type Architecture, architectures } from '../../model/configuration.ts';
import { isRunId, runIdText } from '../../model/runId.ts';

/**
 * What tune calls the things it makes in an account, and how it knows them again. A name alone proves nothing: a function
 * is a shadow when it is both named *and* tagged as one.
 */

export const toolTagValue = 'lambda-tune';

/** The five tags of every shadow and log group. */
export const tagKeys = {
  /** Always `toolTagValue`. */
  tool: 'lambda-tune:tool',
  run: 'lambda-tune:run',
  target: 'lambda-tune:target',
  /** ISO 8601 with milliseconds. With the run id it tells this run's things from another's of the same id. */
  created: 'lambda-tune:created',
  /** ISO 8601: the end of the lease. */
  expires: 'lambda-tune:expires',
} as const;

/** Whether the tags of a thing say what its name says. */
export function isTaggedFor(tags: Readonly<Record<string, string>>, runId: string): boolean {
  return tags[tagKeys.tool] === toolTagValue && tags[tagKeys.run] === runId;
}

export const shadowPrefix = 'tune-';
export const logGroupPrefix = '/aws/lambda/tune-';

const logGroupPattern = new RegExp(`^/aws/lambda/tune-(?<run>${runIdText})$`);
/** The run is matched as short as possible: the first architecture in the name is the one that counts. */
const shadowPattern =
  /^tune-(?<run>[a-z0-9](?:[a-z0-9-]{0,22}?[a-z0-9])??)-(?<architecture>x86_64|arm64)-(?<number>[1-9]\d{0,4})-(?<target>[a-zA-Z0-9_-]+)$/;

/** What Lambda takes, though its API model says 140 (that one includes the rest of an ARN). */
const longestName = 64;

export interface ShadowName {
  readonly runId: string;
  readonly architecture: Architecture;
  /** Counts the shadows of one architecture from 1. */
  readonly number: number;
  /** Name of the target, cut to what fits. */
  readonly target: string;
}

/** @throws TuneError USAGE when the name would not read back as this run's (a run id like `a-arm64-1`). */
export function shadowName(parts: ShadowName): string {
  const head = `${shadowPrefix}${parts.runId}-${parts.architecture}-${parts.number}-`;
  const target = parts.target.slice(0, longestName - head.length);
  const name = head + target;
  const back = parseShadowName(name);
  if (back?.runId !== parts.runId || back.architecture !== parts.architecture || back.number !== parts.number) {
    throw new TuneError('USAGE', `"${parts.runId}" cannot be a run id.`, {
      hint: 'Give 1 to 24 lower-case letters, digits or inner hyphens, without "arm64" or "x86_64" in it.',
    });
  }
  return name;
}

/** Undefined unless the whole name is one that `shadowName` makes. */
export function parseShadowName(name: string): ShadowName | undefined {
  if (name.length > longestName) return undefined;
  const groups = shadowPattern.exec(name)?.groups;
  const { run, number, target } = groups ?? {};
  const architecture = architectures.find((one) => one === groups?.architecture);
  if (run === undefined || architecture === undefined || number === undefined || target === undefined) return undefined;
  return { runId: run, architecture, number: Number(number), target };
}

/** @throws TuneError USAGE for a run id that `parseRunLogGroup` would not read back. */
export function runLogGroup(runId: string): string {
  if (!isRunId(runId)) {
    throw new TuneError('USAGE', `"${runId}" cannot be a run id.`, {
      hint: 'Give 1 to 24 lower-case letters, digits or inner hyphens.',
    });
  }
  return `${logGroupPrefix}${runId}`;
}

/** Lambda names a stream `<day>/<function>[<version>]<id>` in a group that is not the function's own [doc]. */
const streamPattern = /^\d{4}\/\d\d\/\d\d\/(?<functionName>[a-zA-Z0-9_-]+)\[(?:\$LATEST|\d+)\][a-zA-Z0-9-]+$/;

/** Whether a copy of the run wrote the log stream of that name. */
export function isStreamOfRun(stream: string, runId: string): boolean {
  return parseShadowName(streamPattern.exec(stream)?.groups?.functionName ?? '')?.runId === runId;
}

/** The run id, if the whole name is that of a run's log group. */
export function parseRunLogGroup(name: string): string | undefined {
  return logGroupPattern.exec(name)?.groups?.run;
}

/** Folder of the run's packages in the staging bucket. */
export function stagedKey(runId: string, architecture: Architecture, number = 1): string {
  return `lambda-tune/${runId}/${architecture}${number === 1 ? '' : `-${number}`}.zip`;
}

/** The run id of a key that `stagedKey` made. */
export function parseStagedKey(key: string): string | undefined {
  return new RegExp(`^lambda-tune/(?<run>${runIdText})/(?:x86_64|arm64)(?:-[1-9]\\d?)?\\.zip$`).exec(key)?.groups?.run;
}
