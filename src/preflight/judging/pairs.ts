import type { Architecture } from '../../model/configuration.ts';
import { type PlatformName, platformNameOf, systemFreeKey } from '../looking/platformNames.ts';

/** Something that is for one machine, by its path. */
interface Built {
  readonly path: string;
  readonly machine: string;
  /** By what the file says; without, its name tells. */
  readonly isMusl?: boolean;
}

/** Tells what has a counterpart for the wanted architecture beside it, so that its own being of another matters not. */
export interface Pairs {
  /** It, or the folder that it comes in, is there for the wanted architecture, too. */
  has(path: string): boolean;
  /** The same, and against glibc: what Lambda's own runtimes have. */
  hasGlibc(path: string): boolean;
  /** The same file is there for Linux on the wanted architecture, whatever system this one is for. */
  hasForLinux(path: string): boolean;
  /** No Linux: whatever it is built for, Lambda does not load it. */
  isForeign(path: string): boolean;
}

/**
 * Packages that ship several builds choose at run time, by file name (`x.cpython-312-aarch64-linux-gnu.so`) or by folder
 * (`prebuilds/linux-arm64/`). With a folder for the wanted machine that holds native code, what else lies in its
 * siblings is not loaded, whether or not each file has its twin. A build for musl is none for Lambda's own runtimes.
 */
export function pairsOf(built: readonly Built[], wanted: Architecture): Pairs {
  const names = new Map(built.map(({ path }): [string, PlatformName] => [path, platformNameOf(path)]));
  const nameOf = (path: string) => names.get(path) ?? platformNameOf(path);
  const available = new Set<string>();
  const onLinux = new Set<string>();
  for (const { path, machine, isMusl } of built) {
    const name = nameOf(path);
    if (machine !== wanted || name.isForeign) continue;
    const library = (isMusl ?? name.isMusl) ? 'musl' : 'glibc';
    available.add(`${library} ${name.key}`);
    if (library === 'glibc') onLinux.add(systemFreeKey(path));
    for (const folder of name.folders) if (folder.machine === wanted) available.add(`${library} ${folder.key}/`);
  }
  const keysOf = (path: string, isOther: boolean) => {
    const { key, folders } = nameOf(path);
    return [key, ...folders.filter(({ machine }) => !isOther || machine !== wanted).map((folder) => `${folder.key}/`)];
  };
  return {
    has: (path) =>
      keysOf(path, true).some(
        (key) => available.has(`glibc ${key}`) || (nameOf(path).isMusl && available.has(`musl ${key}`)),
      ),
    hasGlibc: (path) => keysOf(path, false).some((key) => available.has(`glibc ${key}`)),
    hasForLinux: (path) => onLinux.has(systemFreeKey(path)),
    isForeign: (path) => nameOf(path).isForeign,
  };
}
