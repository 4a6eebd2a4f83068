import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a function's folder is a part of: as far as links from it may lead. */
export interface Project {
  readonly root: string;
  /** Links out of the root that are followed all the same. */
  takesLink(path: string, real: string, behind: Stats): Promise<boolean>;
}

/** The repository around a folder; without one, the workspace of a package manager; without one, the folder. */
export async function projectAround(folder: string): Promise<Project> {
  const home = homedir();
  let workspace: string | undefined;
  for (let place = folder; ; place = dirname(place)) {
    // A repository of the whole home directory holds settings, not projects.
    if (place === home || dirname(place) === place) break;
    if (await isRepository(place)) return { root: place, takesLink: async () => false };
    workspace ??= (await isWorkspace(place)) ? place : undefined;
  }
  if (workspace !== undefined) return { root: workspace, takesLink: async () => false };
  // Nothing tells where the project ends: single files are taken, and of folders what a package manager linked.
  return {
    root: folder,
    takesLink: async (path, real, behind) =>
      behind.isFile() ||
      (/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*$/.test(path) && (await exists(join(real, 'package.json')))),
  };
}

/** A worktree or submodule has a file of that name. */
async function isRepository(folder: string): Promise<boolean> {
  const git = await stat(join(folder, '.git')).catch(() => undefined);
  return git?.isFile() === true || (await exists(join(folder, '.git', 'HEAD')));
}

async function isWorkspace(folder: string): Promise<boolean> {
  for (const name of ['pnpm-workspace.yaml', 'lerna.json', 'rush.json', 'nx.json']) {
    if (await exists(join(folder, name))) return true;
  }
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
