import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Images } from './images.ts';
import { mountTables } from './mountTable.ts';

/** A mount namespace in which the environment's own /tmp alone is writable (bootstraps/enclose.sh). */
export interface Enclosure {
  /** Arguments of `unshare`. Root needs no user namespace; everybody else has the right to mount only in one. */
  readonly namespaces: readonly string[];
  /** `var`: the package is at /var/task and the runtime at /var/runtime, as on Lambda. `place`: where they are. */
  readonly view: 'var' | 'place';
  /** What is given up before the runtime starts, so that it cannot undo the mounts. */
  readonly rights: string;
  /** Make /tmp have the function's size. Undefined: the size of single files is limited. */
  readonly images: Images | undefined;
}

export interface Within {
  readonly environmentFolder: string;
  readonly tmpMb: number;
  readonly codeFolder: string;
  /** Of our own scripts and runtime clients. */
  readonly runtimeFolder: string;
  readonly optFolder: string | undefined;
  /** Control groups to enter. */
  readonly entries: readonly string[];
  /** Folders and files of this machine that stay visible in /tmp and /opt. */
  readonly kept: readonly string[];
  /** More for the program that gives rights up. */
  readonly beforeRuntime: readonly string[];
}

/** Lays out in the environment's folder what is mounted, and returns the command that mounts it, to which the rest is added. */
export async function enclosed(
  { namespaces, view, rights, images }: Enclosure,
  within: Within,
): Promise<readonly string[]> {
  const { environmentFolder: folder, codeFolder, runtimeFolder, optFolder, entries, kept, beforeRuntime } = within;
  const hasSharedMemory = existsSync('/dev/shm');
  const tables = mountTables({
    environmentFolder: folder,
    codeFolder,
    runtimeFolder,
    optFolder: kept.some((path) => path.startsWith('/opt/')) ? join(folder, 'opt') : optFolder,
    view,
    hasImage: images !== undefined,
    hasHosts: existsSync(join(folder, 'hosts')),
    hasSharedMemory,
    hasKept: kept.length > 0,
  });
  // At once: each takes microseconds, and a turn of the event loop milliseconds where the machine is busy.
  for (const name of foldersToMountOn(view, tables.lower !== undefined)) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const [name, table] of Object.entries(tables)) {
    if (table !== undefined) writeFileSync(join(folder, `mounts.${name}`), table);
  }
  if (images === undefined) chmodSync(join(folder, 'tmp'), 0o1777);
  return [
    ...['unshare', ...namespaces, '/bin/sh', join(runtimeFolder, 'enclose.sh')],
    ...[folder, (await images?.emptyOf(within.tmpMb)) ?? '-', view === 'var' ? '/var/task' : codeFolder],
    ...[optFolder ?? '-', rights, beforeRuntime.join(' ')],
    ...[String(entries.length), ...entries, String(kept.length), ...kept],
  ];
}

function foldersToMountOn(view: Enclosure['view'], hasLower: boolean): readonly string[] {
  if (view !== 'var') return [];
  return ['merged', ...(hasLower ? ['var'] : ['var/task', 'var/runtime'])];
}
