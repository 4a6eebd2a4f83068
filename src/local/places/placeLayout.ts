import { existsSync, readFileSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageFolder } from '../../base/packageFolder.ts';
import { enclosed } from '../enclosure/enclosed.ts';
import { bootstrapsFolder } from '../launch/runtimes.ts';
import type { EnvironmentSpec } from '../service/execution.ts';
import { type Confinement, canMountOpt } from './confinement.ts';

/** What an environment's file system is made of, and where the function finds things in it. */
export interface PlaceLayout {
  readonly codeFolder: string;
  readonly tmpMb: number;
  /** Of layers, where they are mounted at /opt. */
  readonly mountedOpt: string | undefined;
  /** It has an /etc/hosts of its own. */
  readonly hasHosts: boolean;
  /** Their output is captured besides the runtime's. */
  readonly hasExtensions: boolean;
  /** Folders and files of this machine that stay visible in /tmp and /opt. */
  readonly kept: readonly string[];
  readonly taskFolder: string;
  readonly runtimeFolder: string;
  readonly optFolder: string;
  /** Its temporary folder is not really /tmp. */
  readonly isTmpShared: boolean;
}

/** @returns the layout, and the command as it is called in it */
export async function layoutOf(
  { enclosure }: Confinement,
  spec: EnvironmentSpec,
  command: readonly string[],
  hasExtensions: boolean,
): Promise<{ readonly layout: PlaceLayout; readonly inside: readonly string[] }> {
  const { codeFolder } = spec;
  const isAtVar = enclosure?.view === 'var';
  const taskFolder = isAtVar ? '/var/task' : codeFolder;
  const runtimeFolder = isAtVar ? '/var/runtime' : bootstrapsFolder;
  const isAtOpt = canMountOpt(enclosure);
  const optFolder = isAtOpt ? '/opt' : (spec.optFolder ?? '/opt');
  const places = [
    [codeFolder, taskFolder],
    [bootstrapsFolder, runtimeFolder],
    [spec.optFolder ?? '/opt', optFolder],
  ] as const;
  const inside = command.map((part) => places.reduce((path, [from, to]) => moved(path, from, to), part));
  const covered = ['/tmp/', ...(isAtOpt && spec.optFolder !== undefined ? ['/opt/'] : [])];
  const atPlace = isAtVar ? [] : [codeFolder, await realpath(bootstrapsFolder)];
  const needed = [...atPlace, ...(spec.runtime.startsWith('nodejs') ? sdkFolders() : [])];
  const layout: PlaceLayout = {
    ...{ codeFolder, hasExtensions, taskFolder, runtimeFolder, optFolder },
    tmpMb: spec.ephemeralStorageMb,
    mountedOpt: isAtOpt ? spec.optFolder : undefined,
    hasHosts: spec.optFolder !== undefined,
    kept: enclosure === undefined ? [] : await keptBelow(covered, needed, inside),
    isTmpShared: enclosure === undefined,
  };
  return { layout, inside };
}

/**
 * Equal where one place is as good as another: the same folders, not only of the same name, and on the same mounts as this process
 * sees now. A build that makes its folder anew makes another one.
 */
export function kindOf(layout: PlaceLayout): string {
  const sources = [layout.codeFolder, layout.mountedOpt, ...layout.kept].filter((path) => path !== undefined);
  const identities = sources.map((path) => {
    const { dev = 0, ino = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    return [dev, ino];
  });
  return JSON.stringify([layout, identities, mounts()]);
}

function mounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

/** Where the AWS SDK is found that Lambda's Node.js brings (functionVariables.ts): beside this package, or with it in a project. */
function sdkFolders(): readonly string[] {
  const above = join(packageFolder, 'package.json').split('/');
  const folders = above.map((_, length) => above.slice(0, length).join('/'));
  return folders.map((folder) => `${folder}/node_modules`).filter((folder) => existsSync(`${folder}/@aws-sdk`));
}

/**
 * What lies below a folder that is covered and is needed: an interpreter is found with the folder of its installation. Programs of
 * the function's own, and the words of its command, are none.
 */
async function keptBelow(
  covered: readonly string[],
  folders: readonly string[],
  command: readonly string[],
): Promise<readonly string[]> {
  const isCovered = (path: string) => covered.some((folder) => path.startsWith(folder));
  const own = command.filter(
    (part) => part.startsWith('/') && !/^\/(?:opt\/(?:extensions\/|bootstrap$)|var\/)/.test(part),
  );
  const programs = await Promise.all(own.map(async (path) => [path, await realpath(path).catch(() => path)]));
  const installations = programs.flat().map((path) => {
    const [folder, installation] = [dirname(path), dirname(dirname(path))];
    if (isCovered(`${installation}`)) return installation;
    return isCovered(folder) ? folder : path;
  });
  return [...new Set([...folders, ...installations])].filter(isCovered);
}

function moved(path: string, from: string, to: string): string {
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
}

/** The command of a shell in the confines of the layout, as far as the machine allows. `entries` are control groups to enter. */
export async function confinedShell(
  confinement: Confinement,
  layout: PlaceLayout,
  environmentFolder: string,
  entries: readonly string[],
): Promise<readonly string[]> {
  const { enclosure } = confinement;
  const dies = confinement.parentDeathSignal ? ['--pdeathsig', 'KILL'] : [];
  // The program that gives rights up does both: each program on the way takes as long as some of the mounts.
  const lead = dies.length > 0 && enclosure?.rights !== 'drop' ? ['setpriv', ...dies] : [];
  // The program that waits does so ahead, too. By the name, its complaints are known for our own.
  const shell = ['/bin/sh', '-c', 'eval "$(cat)"', join(layout.runtimeFolder, 'enter.sh')];
  if (enclosure === undefined) return [...lead, ...shell];
  const around = await enclosed(enclosure, {
    environmentFolder,
    tmpMb: layout.tmpMb,
    codeFolder: layout.codeFolder,
    runtimeFolder: bootstrapsFolder,
    optFolder: layout.mountedOpt,
    entries,
    kept: layout.kept,
    beforeRuntime: enclosure.rights === 'drop' ? dies : [],
  });
  return [...lead, ...around, ...shell];
}

export interface Entering {
  readonly layout: PlaceLayout;
  readonly variables: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Control groups of the place. */
  readonly entries: readonly string[];
  readonly cpus: readonly number[] | 'all';
}

/** What the shell of a place reads to become the runtime (bootstraps/enter.sh). */
export function enteringScript({ enclosure }: Confinement, entering: Entering): string {
  const { layout, variables, command, entries, cpus } = entering;
  const fileBlocks = enclosure?.images !== undefined ? 'unlimited' : String(layout.tmpMb * 2048);
  // Within a file system of its own it has entered them: their files cannot be written there.
  const left = enclosure === undefined ? entries : [];
  const { exports, unexportable } = exportedBy(variables);
  const behind = unexportable.length === 0 ? [] : ['/usr/bin/env', '--', ...unexportable];
  const words = [
    fileBlocks,
    cpus === 'all' ? '-' : cpus.join(','),
    String(left.length),
    ...left,
    ...behind,
    ...command,
  ];
  return `variables() {
${exports.join('\n')}
}
set -- ${words.map(quoted).join(' ')}
. ${quoted(join(layout.runtimeFolder, 'enter.sh'))}
`;
}

/**
 * Through memory, not through arguments that every user of the machine can read; but for names that are none to a shell, or of which
 * it makes something else.
 */
function exportedBy(variables: Readonly<Record<string, string>>) {
  const all = Object.entries(variables);
  const isPlain = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !ofShells.test(name);
  return {
    exports: all.filter(([name]) => isPlain(name)).map(([name, value]) => `export ${name}=${quoted(value)}`),
    unexportable: all.filter(([name]) => !isPlain(name)).map(([name, value]) => `${name}=${value}`),
  };
}

/** What dash, bash or busybox's shell count, check, keep for themselves or go by. */
const ofShells =
  /^(?:_|BASH\w*|COMP_\w+|DIRSTACK|E?UID|ENV|EPOCH\w+|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|OLDPWD|OPT(?:ARG|ERR|IND)|PPID|PS[0-4]|PWD|S?RANDOM|SECONDS|SHELLOPTS)$/;

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
