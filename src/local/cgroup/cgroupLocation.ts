import { dirname, join } from 'node:path';

/** A place where groups could be created. v1 keeps one tree per controller, v2 one for all. */
export type CgroupLocation =
  | {
      readonly version: 1;
      readonly cpu: string;
      readonly memory: string;
      readonly pids?: string | undefined;
      readonly freezer?: string | undefined;
    }
  | {
      readonly version: 2;
      readonly folder: string;
      /** Whether controllers may be switched on for its children. Levels between the root and this process belong to others. */
      readonly mayEnable: boolean;
    };

/**
 * From the texts of /proc/self/cgroup and /proc/self/mountinfo: where to try, best first. With v1, this process's own
 * groups. With v2, its own group and then every ancestor: a v2 group that has processes (such as this one) may not hand
 * controllers to children unless it is the root ("no internal processes", kernel documentation, cgroup-v2).
 * A v2 tree without the controllers (a hybrid system) comes out as a candidate too; trying it is what tells.
 */
export function locateCgroups(selfCgroup: string, mountInfo: string): readonly CgroupLocation[] {
  const mounts = mountInfo.split('\n').flatMap(parseMount);
  const memberships = selfCgroup.split('\n').flatMap(parseMembership);
  const locations: CgroupLocation[] = [];

  const cpu = v1Folder('cpu', memberships, mounts);
  const memory = v1Folder('memory', memberships, mounts);
  const pids = v1Folder('pids', memberships, mounts);
  const freezer = v1Folder('freezer', memberships, mounts);
  if (cpu !== undefined && memory !== undefined) {
    locations.push({ version: 1, cpu, memory, pids, freezer });
  }

  const unified = mounts.find((mount) => mount.type === 'cgroup2');
  const own = memberships.find((membership) => membership.controllers.length === 0);
  if (unified !== undefined && own !== undefined) {
    const ownFolder = folderOf(unified, own.path);
    for (let folder = ownFolder; ; folder = dirname(folder)) {
      const isTop = folder === unified.mountPoint || folder === dirname(folder);
      locations.push({ version: 2, folder, mayEnable: isTop || folder === ownFolder });
      if (isTop) break;
    }
  }
  return locations;
}

interface Membership {
  /** Empty for v2. */
  readonly controllers: readonly string[];
  readonly path: string;
}

interface Mount {
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** `4:memory:/some/group`, and `0::/some/group` for v2. Names such as `name=systemd` are trees without a controller. */
function parseMembership(line: string): readonly Membership[] {
  const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
  return match === null ? [] : [{ controllers: (match[1] ?? '').split(',').filter(Boolean), path: match[2] ?? '/' }];
}

/** `36 35 98:0 /root /mount/point rw,noatime master:1 - type source rw,cpu` (proc(5)); spaces are written `\040`. */
function parseMount(line: string): readonly Mount[] {
  const [before, after] = line.split(' - ');
  const [, , , root, mountPoint] = before?.split(' ') ?? [];
  const [type, , options] = after?.split(' ') ?? [];
  if (root === undefined || mountPoint === undefined || type === undefined || !type.startsWith('cgroup')) return [];
  return [
    { root: unescapeOctal(root), mountPoint: unescapeOctal(mountPoint), type, options: (options ?? '').split(',') },
  ];
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function v1Folder(
  controller: string,
  memberships: readonly Membership[],
  mounts: readonly Mount[],
): string | undefined {
  const mount = mounts.find((candidate) => candidate.type === 'cgroup' && candidate.options.includes(controller));
  const own = memberships.find((membership) => membership.controllers.includes(controller));
  return mount === undefined || own === undefined ? undefined : folderOf(mount, own.path);
}

/** A container often sees only its own part of the tree mounted: the mount's root is cut off the path. */
function folderOf(mount: Mount, path: string): string {
  const inside = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  return join(mount.mountPoint, mount.root !== '/' && inside === path ? '/' : inside).replace(/(.)\/$/, '$1');
}
