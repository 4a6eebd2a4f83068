import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity, ProcessView } from '../state/liveness.ts';
import { readProcess } from './processTable.ts';

interface Seen {
  readonly hostname: string;
  readonly platform: string;
  /** Signal 0. */
  processExists(pid: number): boolean;
}

/** What this machine says of its processes. Where there is no /proc only `exists` answers. */
export function processView(io: Seen): ProcessView {
  const here = machineIdentity(io);
  return {
    here,
    startOf(pid) {
      // A process that /proc does not show although it could show our own is gone.
      if (io.platform !== 'linux' || here.boot === undefined) return undefined;
      const entry = readProcess(pid);
      if (entry === 'unreadable') return undefined;
      return entry === 'gone' || entry.ended ? 'gone' : entry.startedAt;
    },
    exists: (pid) => io.processExists(pid),
  };
}

/** What a journal says of the process that writes it. */
export function processIdentity(io: Seen & { readonly pid: number }): ProcessIdentity {
  const entry = io.platform === 'linux' ? readProcess(io.pid) : 'unreadable';
  return { ...machineIdentity(io), pid: io.pid, startedAt: typeof entry === 'string' ? undefined : entry.startedAt };
}

function machineIdentity(io: Seen): ProcessView['here'] {
  if (io.platform !== 'linux') return { host: io.hostname };
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  const pidNamespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  const id = attempt(() => readFileSync('/etc/machine-id', 'latin1').trim());
  return {
    host: io.hostname,
    boot: boot || undefined,
    pidNamespace: pidNamespace || undefined,
    // machine-id(5): "should be considered confidential"; only a digest of it goes to a file.
    machine: id ? createHash('sha256').update(`tune ${id}`).digest('hex').slice(0, 16) : undefined,
  };
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
