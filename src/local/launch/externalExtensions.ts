import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { maxAgents } from '../extensions/agents.ts';
import { launchProblem } from './launchProblem.ts';

export interface ExternalExtensions {
  /** File names, in the order in which they are started. */
  readonly names: readonly string[];
  /** Why one of them cannot be started, in Lambda's words. */
  readonly problem: string | undefined;
}

/** The programs in `extensions/` of the layers: all files directly in it. */
export async function externalExtensions(optFolder: string | undefined): Promise<ExternalExtensions> {
  if (optFolder === undefined) return { names: [], problem: undefined };
  const entries = await readdir(join(optFolder, 'extensions'), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  if (names.length > maxAgents) return { names, problem: `Extension limit (${maxAgents}) reached` };
  const problems = await Promise.all(
    names.map((name) => launchProblem(join(optFolder, 'extensions', name), `/opt/extensions/${name}`)),
  );
  return { names, problem: problems.find((problem) => problem !== undefined) };
}
