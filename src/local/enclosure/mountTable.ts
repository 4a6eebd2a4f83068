/**
 * An option that changes nothing (`noatime` includes it) and that hardly any mount of a machine has: by it the script leaves out what
 * stays writable when it makes all the rest read-only. What else has it is made so one by one.
 */
const writableMark = 'nodiratime';

/** Where the parts of one environment's file system are on this machine. */
export interface MountPlan {
  readonly environmentFolder: string;
  readonly codeFolder: string;
  readonly runtimeFolder: string;
  /** What is shown in /opt. */
  readonly optFolder: string | undefined;
  /** `var`: the package at /var/task and the runtime at /var/runtime. `place`: where they are. */
  readonly view: 'var' | 'place';
  /** A file system in tmp.img is its /tmp. */
  readonly hasImage: boolean;
  /** A file `hosts` in its folder becomes its /etc/hosts. */
  readonly hasHosts: boolean;
  readonly hasSharedMemory: boolean;
  /** The script shows folders in its /tmp or /opt before they are put in their places. */
  readonly hasKept: boolean;
}

/**
 * What is mounted, in order, in the form of fstab(5): one program mounts a whole table, where a program for each mount
 * takes as long as a runtime does to start. Several tables, where something has to be done in between.
 */
export interface MountTables {
  /** Before folders can be made in what it mounts. */
  readonly lower: string | undefined;
  /** Before folders are shown in what it mounts. */
  readonly inner: string | undefined;
  readonly outer: string;
}

export function mountTables(plan: MountPlan): MountTables {
  const { environmentFolder: folder, view, hasKept } = plan;
  const isBelowVar = folder.startsWith('/var/');
  // A mount of its own, which may stay writable: the image is open in it. The script takes it away.
  const own = [line(folder, folder, 'bind')];
  const image = plan.hasImage
    ? [line(`${folder}/tmp.img`, `${folder}/tmp`, `loop,noatime,${writableMark}`, 'ext4')]
    : [];
  const merged =
    view === 'place'
      ? []
      : [
          // /var as the host has it, with two more folders: relative paths, because the option knows no quoting.
          line('tune', `${folder}/merged`, 'lowerdir=var:/var', 'overlay'),
          line(plan.codeFolder, `${folder}/merged/task`, 'bind'),
          line(plan.runtimeFolder, `${folder}/merged/runtime`, 'bind'),
        ];
  const atVar = view === 'place' ? [] : [line(`${folder}/merged`, '/var', 'rbind')];
  const tmp = line(`${folder}/tmp`, '/tmp', 'rbind');
  const outer = [
    ...(plan.optFolder === undefined ? [] : [line(plan.optFolder, '/opt', 'rbind')]),
    ...(plan.hasHosts ? [line(`${folder}/hosts`, '/etc/hosts', 'bind')] : []),
    // Lambda has none; an empty one that nobody can write is the nearest that one mount can do. This kind of file system says that it
    // has no room, too, by which programs that look for some go on to /tmp.
    ...(plan.hasSharedMemory ? [line('tune', '/dev/shm', 'mode=755', 'ramfs')] : []),
    // Each covers what the other's source may lie in.
    ...(isBelowVar ? [tmp, ...atVar] : [...atVar, tmp]),
  ];
  // Overlaid folders must not lie in each other.
  const needsLower = isBelowVar && view === 'var';
  const lower = needsLower ? [...own, line('tune', `${folder}/var`, 'size=1m,mode=755', 'tmpfs')] : [];
  const inner = [...(needsLower ? [] : own), ...image, ...merged];
  return {
    lower: needsLower ? lower.join('') : undefined,
    inner: hasKept ? inner.join('') : undefined,
    outer: hasKept ? outer.join('') : [...inner, ...outer].join(''),
  };
}

function line(source: string, target: string, options: string, type = 'none'): string {
  return `${escaped(source)} ${escaped(target)} ${type} ${options} 0 0\n`;
}

/** As fstab(5) writes what separates its fields. */
function escaped(path: string): string {
  return path.replace(/[\\\s#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
