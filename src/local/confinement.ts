import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Warning } from '../domain/model.ts';
import type { EnvironmentSpec } from './execution.ts';
import { bootstrapsFolder } from './runtimes.ts';

/** What this machine lets us do around a runtime process, found out once by trying. */
export interface Confinement {
  /** Where the tools around the runtime are looked for; never the function's own PATH. */
  readonly toolPath: string;
  /** `setpriv`: the kernel kills the runtime when its parent's thread ends, besides the watchdog. */
  readonly parentDeathSignal: boolean;
  /**
   * `sized`: a private /tmp of the function's size. `private`: a private /tmp, only the size of single files is limited.
   * `folder`: no mount namespace; TMPDIR points to a folder of the environment's own, single files are limited.
   */
  readonly tmp: 'sized' | 'private' | 'folder';
  readonly notices: readonly Warning[];
}

export async function probeConfinement(hostPath: string): Promise<Confinement> {
  const toolPath = `${hostPath}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const isRoot = userInfo().uid === 0;
  const [parentDeathSignal, namespaces, images] = await Promise.all([
    works(toolPath, 'setpriv', ['--pdeathsig', 'KILL', 'true']),
    isRoot ? works(toolPath, 'unshare', ['--mount', '--propagation', 'private', 'true']) : false,
    isRoot ? works(toolPath, 'sh', ['-c', 'command -v mkfs.ext4 && command -v truncate && losetup --find']) : false,
  ]);
  const tmp = !namespaces ? 'folder' : images ? 'sized' : 'private';
  return { toolPath, parentDeathSignal, tmp, notices: noticesOf[tmp] };
}

const noticesOf: Readonly<Record<Confinement['tmp'], readonly Warning[]>> = {
  sized: [],
  private: [
    {
      code: 'tmp-not-sized',
      text: '/tmp is private to each environment, but only single files are limited to the ephemeral storage size, not their sum.',
    },
  ],
  folder: [
    {
      code: 'tmp-shared',
      text: "/tmp is the host's own (no mount namespaces here): each environment has its own folder in TMPDIR, where single files are limited to the ephemeral storage size, not their sum. The code folder is not write-protected.",
    },
  ],
};

/** The command that ends up as the runtime, confined as far as the machine allows. `entries` are control groups to enter. */
export async function confinedCommand(
  confinement: Confinement,
  spec: EnvironmentSpec,
  environmentFolder: string,
  entries: readonly string[],
  command: readonly string[],
): Promise<readonly string[]> {
  const inPrivateTmp =
    confinement.tmp !== 'folder' && !isBelowTmp(await realpath(command[0] ?? '').catch(() => ''), spec);
  const isSized = inPrivateTmp && confinement.tmp === 'sized';
  const fileBlocks = isSized ? 'unlimited' : String(spec.ephemeralStorageMb * 2048);
  return [
    ...(confinement.parentDeathSignal ? ['setpriv', '--pdeathsig', 'KILL'] : []),
    ...(inPrivateTmp ? await privateTmp(spec, environmentFolder, isSized) : []),
    ...['/bin/sh', join(bootstrapsFolder, 'enter.sh'), fileBlocks, String(entries.length), ...entries],
    ...command,
  ];
}

async function privateTmp(
  spec: EnvironmentSpec,
  environmentFolder: string,
  isSized: boolean,
): Promise<readonly string[]> {
  const kept = [spec.codeFolder, await realpath(bootstrapsFolder)].filter((folder) => folder.startsWith('/tmp/'));
  return [
    ...['unshare', '--mount', '--propagation', 'private', '/bin/sh', join(bootstrapsFolder, 'privateTmp.sh')],
    ...[environmentFolder, isSized ? String(spec.ephemeralStorageMb) : '0', spec.codeFolder],
    ...[String(kept.length), ...kept],
  ];
}

/** An interpreter that lives below /tmp would be hidden with it. */
function isBelowTmp(program: string, spec: EnvironmentSpec): boolean {
  return program.startsWith('/tmp/') && !program.startsWith(`${spec.codeFolder}/`);
}

async function works(toolPath: string, program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args, { env: { PATH: toolPath }, timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}
