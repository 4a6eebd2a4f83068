import { keysOf } from '../../base/keys.ts';
import type { Architecture } from '../../model/configuration.ts';

/**
 * How packages that bring native code for several platforms name their files and folders. The parts that name a machine
 * are told by words that stand alone: between separators, not inside of longer words.
 */
const machineWords = {
  x86_64: ['x86_64', 'x86-64', 'amd64', 'x64'],
  arm64: ['aarch64', 'aarch_64', 'arm64', 'arm64v8', 'armv8'],
  other: [
    ...['i386', 'i486', 'i586', 'i686', 'ia32', 'x86', 'x32'],
    ...['arm', 'armhf', 'armv5', 'armv6', 'armv6l', 'armv7', 'armv7l', 'armv7hf', 'arm32v7'],
    ...['ppc64', 'ppc64le', 'powerpc64le', 's390x', 'riscv64', 'loong64', 'loongarch64', 'mips64', 'mips64el'],
  ],
} as const;

type Machine = keyof typeof machineWords;

const machineOf = new Map<string, Machine>(
  keysOf(machineWords).flatMap((machine) => machineWords[machine].map((word): [string, Machine] => [word, machine])),
);

/** The longest first, so that `x86_64` is not read as `x86`. */
const words = [...machineOf.keys()].sort((one, other) => other.length - one.length).join('|');
const machinePattern = new RegExp(`(?<![a-z0-9])(?:${words})(?![a-z0-9])`, 'g');
const otherSystems =
  /(?<![a-z0-9])(?:android|freebsd|openbsd|netbsd|sunos|illumos|openharmony|darwin|macos|win32)(?![a-z0-9])/;
const libraries = /[-_.](?:gnueabihf|musleabihf|gnueabi|glibc|gnu|musl)(?![a-z0-9])/g;

export interface PlatformName {
  /** The path with its platform left out: the same for all builds of one file. */
  readonly key: string;
  /** The same of each folder above it (and inner archive) whose own name says a machine, with that machine. */
  readonly folders: readonly { readonly key: string; readonly machine: Machine }[];
  /** For a system that is not Linux: nothing of Lambda loads it, whatever its machine. */
  readonly isForeign: boolean;
  readonly isMusl: boolean;
}

/** @param path may lead into inner archives (`lib/a.jar!/x.so`). */
export function platformNameOf(path: string): PlatformName {
  const parts = path.toLowerCase().split('/');
  const keys: string[] = [];
  const folders: { key: string; machine: Machine }[] = [];
  let isForeign = false;
  for (const [index, part] of parts.entries()) {
    const machine = lastMachineIn(part);
    keys.push(withoutPlatform(part));
    if (machine !== undefined && index < parts.length - 1) folders.push({ key: keys.join('/'), machine });
    // A word alone may mean anything ("android/app.so"); beside a machine it names a platform.
    const next = parts[index + 1];
    const besideMachine = machine !== undefined || (next !== undefined && lastMachineIn(next) !== undefined);
    if (besideMachine && otherSystems.test(part)) isForeign = true;
  }
  return {
    key: keys.join('/'),
    folders,
    isForeign,
    isMusl: /(?<![a-z0-9])(?:linux)?musl(?![a-z0-9])/.test(path.toLowerCase()),
  };
}

/** Which machine a single name (of a package, a layer) says it is for. */
export function machineNamed(name: string): Architecture | undefined {
  const machine = lastMachineIn(name.toLowerCase());
  return machine === 'other' ? undefined : machine;
}

/** The name with the word for its machine replaced. */
export function renamedFor(name: string, wanted: Architecture): string {
  return name.replace(new RegExp(machinePattern.source, 'gi'), (word) => {
    if (wanted === 'arm64') return 'arm64';
    return /x64/i.test(word) || name.includes('linux-') ? 'x64' : 'x86_64';
  });
}

const systemWords =
  /(?<![a-z0-9])(?:linux|linuxmusl|android|freebsd|openbsd|netbsd|darwin|macosx?|osx|win32|windows|win|msvc)(?![a-z0-9])/g;

/** `@img/sharp-darwin-arm64`: one of several packages, of which each system gets its own. */
export function isNamedAfterPlatform(name: string): boolean {
  return lastMachineIn(name.toLowerCase()) !== undefined || name.toLowerCase().match(systemWords) !== null;
}

/** The path with machine, system and their separators left out: alike for the builds of one file for all systems. */
export function systemFreeKey(path: string): string {
  return platformNameOf(path)
    .key.replace(systemWords, '')
    .replace(/[-_.*+ ]+/g, '-')
    .replaceAll('/-', '/');
}

function lastMachineIn(part: string): Machine | undefined {
  const word = part.match(machinePattern)?.at(-1);
  return word === undefined ? undefined : machineOf.get(word);
}

function withoutPlatform(part: string): string {
  return (
    part
      // Prisma names a distribution for x86-64 and the machine for ARM.
      .replace(/(?:rhel|debian|linux-arm64|linux-musl-arm64|linux-musl)-openssl-/, '*-openssl-')
      // prebuildify writes the version of ARM as a tag of the file, beside the folder that says it (node.napi.armv8.node).
      .replace(/\.armv[678](?=\.)/, '')
      .replace(machinePattern, '*')
      .replace(/linux(?:musl|glibc)/g, 'linux')
      .replace(libraries, '')
      // auditwheel adds a hash of the content to the libraries that it brings along (libgfortran-040039e1.so.5).
      .replace(/-[0-9a-f]{8}(?=\.)/, '')
  );
}
