import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder } from '../../base/packageFolder.ts';
import type { Warning } from '../../model/warning.ts';
import { allowedCpus } from '../cgroup/visibleCpus.ts';
import { type Enclosure, enclosed } from '../enclosure/enclosed.ts';
import { createImages } from '../enclosure/images.ts';
import type { EnvironmentSpec } from '../service/execution.ts';
import { bootstrapsFolder } from './runtimes.ts';

/** What this machine lets us do around a runtime process, found out once by trying. */
export interface Confinement {
  /** Where the tools around the runtime are looked for; never the function's own PATH. */
  readonly toolPath: string;
  /** `setpriv`: the kernel kills the runtime when its parent's thread ends, besides the watchdog. */
  readonly parentDeathSignal: boolean;
  /** `taskset`: a runtime can be shown fewer CPUs than the machine has. */
  readonly setsCpus: boolean;
  /** Undefined: no mount namespace can be had, so a function can write what this process can. */
  readonly enclosure: Enclosure | undefined;
  readonly notices: readonly Warning[];
}

/** Where the tools around a runtime are looked for. */
export function toolPathOf(hostPath: string): string {
  return `${hostPath}:/usr/sbin:/usr/bin:/sbin:/bin`;
}

/** @param temporaryFolder takes what is tried out, and is empty again afterwards */
export async function probeConfinement(toolPath: string, temporaryFolder: string): Promise<Confinement> {
  const [parentDeathSignal, setsCpus, enclosure] = await Promise.all([
    works(toolPath, 'setpriv', ['--pdeathsig', 'KILL', 'true']),
    works(toolPath, 'taskset', ['-c', String(allowedCpus()[0] ?? 0), 'true']),
    findEnclosure(toolPath, temporaryFolder),
  ]);
  return { toolPath, parentDeathSignal, setsCpus, enclosure, notices: noticesOf(enclosure) };
}

/** The best that works here; each is tried as a whole, and only one that holds what it promises is taken. */
async function findEnclosure(toolPath: string, temporaryFolder: string): Promise<Enclosure | undefined> {
  // Containers run programs as users that have no name: `os.userInfo` fails there.
  const owner = await stat('/proc/self').catch(() => undefined);
  if (owner === undefined) return undefined;
  const { uid, gid } = owner;
  const isRoot = uid === 0;
  const user = isRoot ? [] : ['--user', '--map-root-user'];
  const namespaces = [...user, '--mount', '--propagation', 'private'];
  if (!(await works(toolPath, 'unshare', [...namespaces, 'true']))) return undefined;
  // Images need loop devices, which only root has.
  const hasImages =
    isRoot && (await works(toolPath, 'sh', ['-c', 'command -v mkfs.ext4 && command -v truncate && losetup --find']));
  const images = hasImages ? createImages(temporaryFolder, toolPath, bootstrapsFolder) : undefined;
  for (const rights of isRoot ? ['drop', 'keep'] : [`${uid}:${gid}`, 'drop', 'keep']) {
    for (const view of ['var', 'place'] as const) {
      for (const sized of images === undefined ? [undefined] : [images, undefined]) {
        const enclosure: Enclosure = { namespaces, view, rights, images: sized };
        if (await holds(enclosure, toolPath, temporaryFolder)) return enclosure;
      }
    }
  }
  return undefined;
}

/** Whether /tmp can be written and the rest cannot, the folder included that the environments are made in. */
async function holds(enclosure: Enclosure, toolPath: string, temporaryFolder: string): Promise<boolean> {
  const folder = await mkdtemp(join(temporaryFolder, 'probe-'));
  try {
    await mkdir(join(folder, 'tmp'));
    const isKept = enclosure.view === 'place' && folder.startsWith('/tmp/');
    const within = {
      environmentFolder: folder,
      tmpMb: smallestTmpMb,
      codeFolder: folder,
      runtimeFolder: bootstrapsFolder,
      optFolder: undefined,
      entries: [],
      kept: isKept ? [folder] : [],
      beforeRuntime: [],
    };
    const question = 'test -w /tmp && for place do test ! -w "$place" || exit 1; done';
    const [program = '', ...args] = await enclosed(enclosure, within);
    return await works(toolPath, program, [
      ...args,
      '/bin/sh',
      '-c',
      question,
      'sh',
      '.',
      '/',
      '/var',
      bootstrapsFolder,
      folder,
    ]);
  } catch {
    // No file system of a size can be made, then.
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lambda's own; most functions have it, so that the first one finds it made. */
const smallestTmpMb = 512;

function noticesOf(enclosure: Enclosure | undefined): readonly Warning[] {
  if (enclosure === undefined) {
    return [
      {
        code: 'tmp-shared',
        text: "Nothing separates the function from this machine's files here (no mount namespaces): it can write and delete whatever you can, and one that clears /tmp clears this machine's. Each environment has its own folder in TMPDIR, where single files are limited to the ephemeral storage size, not their sum.",
      },
    ];
  }
  if (enclosure.images !== undefined) return [];
  return [
    {
      code: 'tmp-not-sized',
      text: '/tmp is private to each environment, but only single files are limited to the ephemeral storage size, not their sum.',
    },
  ];
}

/** Of a function with layers, where they cannot be put into /opt. */
export function layersNotice({ enclosure }: Confinement, spec: EnvironmentSpec): Warning | undefined {
  if (spec.optFolder === undefined || canMountOpt(enclosure)) return undefined;
  return {
    code: 'layers-not-in-opt',
    text: 'The layers are not in /opt here (no mount namespaces): their packages, programs and libraries are on NODE_PATH, PYTHONPATH, PATH and LD_LIBRARY_PATH, but what code or an extension reads from /opt by name is not there.',
  };
}

/** A mount needs a folder to be put on, and the root cannot be written. */
function canMountOpt(enclosure: Enclosure | undefined): boolean {
  return enclosure !== undefined && existsSync('/opt');
}

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

async function works(toolPath: string, program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args, { env: { PATH: toolPath }, timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}
