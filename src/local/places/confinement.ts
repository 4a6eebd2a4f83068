import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Warning } from '../../model/warning.ts';
import { allowedCpus } from '../cgroup/visibleCpus.ts';
import { type Enclosure, enclosed } from '../enclosure/enclosed.ts';
import { createImages } from '../enclosure/images.ts';
import { bootstrapsFolder } from '../launch/runtimes.ts';
import type { EnvironmentSpec } from '../service/execution.ts';

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
export function canMountOpt(enclosure: Enclosure | undefined): boolean {
  return enclosure !== undefined && existsSync('/opt');
}

async function works(toolPath: string, program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args, { env: { PATH: toolPath }, timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}
