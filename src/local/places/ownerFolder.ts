import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { findOwnerCgroups, groupsOf } from '../cgroup/cgroupHost.ts';
import { bootstrapsFolder } from '../launch/runtimes.ts';
import { procfsExists, startTicks } from '../processes/processTree.ts';

/**
 * The folder of everything that one executor makes, and a watchdog process that removes it all when the executor's
 * process is gone, whatever ended it. The name holds the owner's process id and start, and in which namespace these are counted,
 * so that a later start can tell the folders and control groups of the living from those that even the watchdog did not
 * survive to remove.
 */
export interface OwnerFolder {
  readonly name: string;
  readonly path: string;
  readonly toolPath: string;
  /** Ends what is left and removes the folder. */
  close(): Promise<void>;
}

export function openOwnerFolder(temporaryFolder: string, ownerPid: number, toolPath: string): OwnerFolder {
  const path = mkdtempSync(join(temporaryFolder, ownedPrefix('local', ownerPid)));
  // Its own session: no terminal's Ctrl-C and no kill of the owner's group reaches it.
  const watchdog = spawn('/bin/sh', [join(bootstrapsFolder, 'watchdog.sh'), path, 'live'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: toolPath },
    cwd: '/',
  });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  const ended = once(watchdog, 'exit');
  // Neither waits for it nor is kept alive by it: the watchdog outlives its owner.
  watchdog.unref();
  unrefStream(watchdog.stdin);
  return {
    name: basename(path),
    path,
    toolPath,
    async close() {
      watchdog.stdin.end();
      watchdog.ref();
      if (watchdog.exitCode === null && watchdog.signalCode === null && watchdog.pid !== undefined) await ended;
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** What a folder in the temporary directory is called, so that a later start can tell whose it was: `mkdtemp` adds six letters. */
export function ownedPrefix(kind: OwnedKind, ownerPid: number): string {
  return `tune-${kind}-${ownerPid}-${startTicks(ownerPid) ?? 0}-${processNamespace()}-`;
}

/** Of environments, of what was bundled, of code that was written in a template. */
type OwnedKind = 'local' | 'bundle' | 'inline';

/** For the watchdog: the control groups that hold all environments' own. */
export function recordOwnerCgroups(owner: OwnerFolder, cgroupFolders: readonly string[]): void {
  writeFileSync(join(owner.path, 'cgroups'), cgroupFolders.map((folder) => `${folder}\n`).join(''));
}

/** Removes what executors of dead processes left in this folder and in the control groups. Returns the names removed. */
export async function sweepDeadOwners(temporaryFolder: string, toolPath: string): Promise<readonly string[]> {
  // Without /proc nobody can be called dead.
  if (!procfsExists()) return [];
  const { uid } = statSync('/proc/self');
  const folders = readdirSync(temporaryFolder).filter(
    (name) => isDead(name) && isOwn(join(temporaryFolder, name), uid),
  );
  for (const name of folders) {
    // Nothing runs in the others, and what is in them are the user's files.
    if (!name.startsWith('tune-local-')) await rm(join(temporaryFolder, name), { recursive: true, force: true });
    else await runTool(toolPath, ['watchdog.sh', join(temporaryFolder, name), 'stale']);
  }
  const groups = findOwnerCgroups(ownerPattern).filter((folder) => isDead(basename(folder)));
  for (const folder of groups) {
    await runTool(toolPath, ['end.sh', '-', basename(folder), ...groupsOf(folder)]);
  }
  return [...new Set([...folders, ...groups.map((folder) => basename(folder))])];
}

export interface EnvironmentFolder {
  readonly path: string;
  /** The folder that is the function's temporary one. */
  readonly temporaryFolder: string;
  /**
   * Finds the processes that left their process group. Only where there are no control groups they have it in their environment, as
   * `_TUNE_ENVIRONMENT`: what a function sees there is not as on Lambda, but nothing else of a process is passed on to all that it
   * starts, whatever they are and whenever their parent is gone.
   */
  readonly mark: string;
  /** Tells the watchdog what to kill: a process group, as long as its leader lives. What it left is found by mark or control group. */
  recordLeader(pid: number): void;
  forgetLeader(): void;
}

/** What is needed to end an environment is written down before there is anything to end. */
export function describeEnvironment(
  owner: OwnerFolder,
  name: string,
  cgroupFolders: readonly string[],
): EnvironmentFolder {
  const path = join(owner.path, name);
  // The slash at the end keeps e1 from matching e10.
  const mark = `${owner.name}/${name}/`;
  writeFileSync(join(path, 'cgroups'), cgroupFolders.map((folder) => `${folder}\n`).join(''));
  return {
    path,
    temporaryFolder: join(path, 'tmp'),
    mark,
    recordLeader: (pid) => writeFileSync(join(path, 'leader'), String(pid)),
    forgetLeader: () => rmSync(join(path, 'leader'), { force: true }),
  };
}

/** Kills all processes of one environment, also those that left its process group, and removes its control groups and folder. */
export async function removeEnvironment(
  owner: OwnerFolder,
  folder: EnvironmentFolder,
  leaderPid: number | undefined,
  cgroupFolders: readonly string[],
): Promise<void> {
  const ended = await runTool(owner.toolPath, ['end.sh', String(leaderPid ?? '-'), folder.mark, ...cgroupFolders]);
  // What a busy machine did not end in time is ended by the watchdog, for which its names stay. Not the leader's: its
  // process id may be another's by then.
  await rm(ended ? folder.path : join(folder.path, 'leader'), { recursive: true, force: true });
}

/** What is called so is ours, or another tune's. */
export const ownerPattern = /^tune-(?:local|bundle|inline)-(\d+)-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/** Containers can share a temporary folder and control groups; another one's process ids say nothing here. */
function isDead(name: string): boolean {
  const [, pid = '', ticks, namespace] = ownerPattern.exec(name) ?? [];
  if (pid === '' || namespace !== processNamespace()) return false;
  const now = startTicks(Number(pid));
  // What cannot be read at the moment is not dead.
  return now === undefined ? !existsSync(`/proc/${pid}`) : now !== Number(ticks);
}

function isOwn(folder: string, uid: number): boolean {
  try {
    return statSync(folder).uid === uid;
  } catch {
    return false;
  }
}

/** The number of the namespace of process ids; 0 where there is none. */
function processNamespace(): string {
  const told = procfsExists() ? readlinkSync('/proc/self/ns/pid') : '';
  return /\d+/.exec(told)?.[0] ?? '0';
}

/** False when something could not be ended or removed within the script's patience. */
async function runTool(toolPath: string, [script = '', ...args]: readonly string[]): Promise<boolean> {
  const child = promisify(execFile)('/bin/sh', [join(bootstrapsFolder, script), ...args], {
    env: { PATH: toolPath },
    cwd: '/',
  });
  child.child.stdin?.end();
  return child.then(
    () => true,
    () => false,
  );
}

function unrefStream(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}
