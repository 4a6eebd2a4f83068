import { accessSync, constants, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CgroupHost, openCgroupHostAt, v1Trees } from './cgroup.ts';
import { type CgroupLocation, locateCgroups } from './cgroupLocation.ts';

/**
 * Looks for a writable hierarchy and creates the owner's folder in it. Groups are made below the group this process is
 * in (v2: or the nearest ancestor that may), so limits set from outside keep holding. Undefined: no quota can be set.
 */
export function openCgroupHost(ownerName: string): CgroupHost | undefined {
  for (const location of currentLocations()) {
    const host = tryOpen(location, ownerName);
    if (host !== undefined) return host;
  }
  return undefined;
}

/** Groups of owners matching `pattern` that exist in any hierarchy which could be used; for sweeping after dead owners. */
export function findOwnerCgroups(pattern: RegExp): readonly string[] {
  const parents = currentLocations().flatMap((at) => (at.version === 1 ? v1Trees(at) : [at.folder]));
  return [...new Set(parents)].flatMap((parent) =>
    namesIn(parent)
      .filter((name) => pattern.test(name))
      .map((name) => join(parent, name)),
  );
}

/** Groups inside an owner's group, innermost first, the owner's own last. */
export function groupsOf(ownerFolder: string): readonly string[] {
  return [...foldersIn(ownerFolder).map((name) => join(ownerFolder, name)), ownerFolder];
}

function tryOpen(location: CgroupLocation, ownerName: string): CgroupHost | undefined {
  let host: CgroupHost | undefined;
  try {
    host = openCgroupHostAt(location, ownerName);
    // A hierarchy can be writable and still refuse quotas (a parent's stricter limit, a controller that is not there).
    const trial = host.create('trial');
    trial.limitMemory(128);
    trial.limitCpu({ quotaUs: 2000, periodUs: 20000 });
    for (const folder of trial.folders) rmdirSync(folder);
    return host;
  } catch {
    for (const folder of host?.ownerFolders ?? []) {
      for (const group of groupsOf(folder)) removeQuietly(group);
    }
    return undefined;
  }
}

function currentLocations(): readonly CgroupLocation[] {
  try {
    return locateCgroups(
      readFileSync('/proc/self/cgroup', 'utf8'),
      readFileSync('/proc/self/mountinfo', 'utf8'),
    ).flatMap(usable);
  } catch {
    // No /proc: not Linux.
    return [];
  }
}

/** Trees for counting or freezing processes that are not ours to write are done without; the others are needed. */
function usable(at: CgroupLocation): readonly CgroupLocation[] {
  if (at.version === 2) return writable(at.folder) ? [at] : [];
  const { pids, freezer, ...needed } = at;
  if (!writable(at.cpu) || !writable(at.memory)) return [];
  const counted = pids !== undefined && writable(pids) ? { ...needed, pids } : needed;
  return [freezer !== undefined && writable(freezer) ? { ...counted, freezer } : counted];
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function removeQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}
