import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { maxAgents } from '../extensions/agents.ts';
import type { InitRecord } from '../extensions/initRecords.ts';
import { launchProblem } from './launchProblem.ts';

export interface ExternalExtensions {
  /** File names, in the order in which they are started. */
  readonly names: readonly string[];
  readonly problem: NotLaunched | undefined;
}

/** One of them cannot be started: then none that comes after it is, nor the runtime. */
interface NotLaunched {
  /** In Lambda's words. */
  readonly reason: string;
  /** What the log says of it, and of those before it. */
  readonly records: readonly InitRecord[];
}

/** The programs in `extensions/` of the layers: all files directly in it. */
export async function externalExtensions(optFolder: string | undefined): Promise<ExternalExtensions> {
  if (optFolder === undefined) return { names: [], problem: undefined };
  const entries = await readdir(join(optFolder, 'extensions'), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const problems = await Promise.all(
    names.map((name, index) =>
      index < maxAgents
        ? launchProblem(join(optFolder, 'extensions', name), `/opt/extensions/${name}`)
        : `Extension limit (${maxAgents}) reached`,
    ),
  );
  const first = problems.findIndex((problem) => problem !== undefined);
  const reason = problems[first];
  if (reason === undefined) return { names, problem: undefined };
  const started = names.slice(0, first).map((name) => record(name, 'Started', undefined));
  const failed = record(names[first] ?? '', 'LaunchError', first < maxAgents ? typeOf(reason) : 'TooManyExtensions');
  return { names, problem: { reason, records: [...started, failed] } };
}

function record(name: string, state: string, errorType: string | undefined): InitRecord {
  return { kind: 'extension', name, state, events: [], errorType };
}

/** As AWS's runtime interface emulator has them. */
function typeOf(reason: string): string {
  return reason.endsWith('permission denied') ? 'PermissionDenied' : 'UnknownError';
}
