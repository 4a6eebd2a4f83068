import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';

const text = z.string().min(1).max(1024);

/** Who wrote a journal: enough to tell the same process from another one that was given its number later. */
export const processIdentitySchema = z.object({
  host: z.string(),
  pid: z.int().positive(),
  /** Clock ticks since boot at which it started (Linux). */
  startedAt: text.optional(),
  /** Changes with every boot (Linux). */
  boot: text.optional(),
  /** The same pid means another process in another namespace: containers can share a host name and a home. */
  pidNamespace: text.optional(),
  /** A digest of the installation's own id: tells a reboot from another machine of the same name. */
  machine: text.optional(),
});

export type ProcessIdentity = DeepReadonly<z.infer<typeof processIdentitySchema>>;

/** What can be seen of processes from here. */
export interface ProcessView {
  readonly here: Omit<ProcessIdentity, 'pid' | 'startedAt'>;
  /** When process `pid` started; `gone` when there is none (or only its exit code is left); undefined when that cannot be read here. */
  startOf(pid: number): string | 'gone' | undefined;
  /** Signal 0. True also for a later process of the same number. */
  exists(pid: number): boolean;
}

/**
 * `alive` and `dead` are proven. `unknown`: another machine or container, or a system that does not say when a process
 * started; then only the lease tells.
 */
export type Liveness = 'alive' | 'dead' | 'unknown';

export function livenessOf(writer: ProcessIdentity, view: ProcessView): Liveness {
  const { here } = view;
  if (writer.host !== here.host) return 'unknown';
  if (differ(writer.machine, here.machine)) return 'unknown';
  if (differ(writer.boot, here.boot)) {
    // Without the installation's id this may be a second machine of the same name on a shared home.
    return writer.machine !== undefined && writer.machine === here.machine ? 'dead' : 'unknown';
  }
  if (differ(writer.pidNamespace, here.pidNamespace)) return 'unknown';
  const startedAt = view.startOf(writer.pid);
  if (startedAt === 'gone') return 'dead';
  if (startedAt === undefined || writer.startedAt === undefined) return view.exists(writer.pid) ? 'unknown' : 'dead';
  return startedAt === writer.startedAt ? 'alive' : 'dead';
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
