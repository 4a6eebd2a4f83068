import { randomBytes } from 'node:crypto';
import type { ExecutionEnvironment } from './execution.ts';

/** One execution environment: reserved for one invocation at a time, kept warm between them. */
export interface Slot {
  readonly poolId: string;
  /** 32 hex digits, in the name of the log stream. */
  readonly environmentId: string;
  /** Set when it was started; absent before the first invocation. */
  environment?: ExecutionEnvironment;
  logStreamName?: string;
}

export interface Pools {
  /**
   * A free environment of the pool, else a new one (not started yet), so invocations side by side never share one. At
   * the bound an idle one of another pool gives way; when all are busy, waits in order.
   */
  acquire(poolId: string): Promise<Slot>;
  /** Keeps it warm, or stops it when it ended, failed to start, or its pool was retired. */
  release(slot: Slot, ended: boolean): Promise<void>;
  /** Code or configuration changed, or the function is gone: idle ones stop now, busy ones when their invocation ends. */
  retire(poolId: string): Promise<void>;
  counts(): { readonly total: number; readonly busy: number };
  /** No environment is handed out or may be started from then on. */
  close(): Promise<void>;
  isClosed(): boolean;
}

export function createPools(maxEnvironments: number): Pools {
  const idle: Slot[] = [];
  const busy = new Set<Slot>();
  const stopping = new Set<Promise<void>>();
  const retired = new Set<string>();
  let closed = false;
  const waiting: { readonly poolId: string; readonly take: (slot: Slot) => void }[] = [];

  const stop = (slot: Slot): Promise<void> => {
    const stopped = (slot.environment?.stop() ?? Promise.resolve()).catch(() => undefined);
    stopping.add(stopped);
    return stopped.finally(() => stopping.delete(stopped));
  };

  const tryAcquire = (poolId: string): Slot | undefined => {
    // The most recently used first, as the service does: a lone caller meets one warm environment.
    const warm = idle.findLastIndex((slot) => slot.poolId === poolId);
    if (warm >= 0) return idle.splice(warm, 1)[0];
    if (idle.length + busy.size >= maxEnvironments) {
      const oldest = idle.shift();
      if (oldest === undefined) return undefined;
      void stop(oldest);
    }
    return { poolId, environmentId: randomBytes(16).toString('hex') };
  };

  const serveWaiting = (): void => {
    for (let next = waiting[0]; next !== undefined && !closed; next = waiting[0]) {
      const slot = tryAcquire(next.poolId);
      if (slot === undefined) return;
      waiting.shift();
      busy.add(slot);
      next.take(slot);
    }
  };

  return {
    acquire: (poolId) =>
      new Promise((take) => {
        waiting.push({ poolId, take });
        serveWaiting();
      }),
    release: async (slot, ended) => {
      busy.delete(slot);
      const gone = closed || ended || slot.environment === undefined || retired.has(slot.poolId);
      if (!gone) idle.push(slot);
      const stopped = gone ? stop(slot) : undefined;
      serveWaiting();
      await stopped;
    },
    retire: async (poolId) => {
      retired.add(poolId);
      const old = idle.filter((slot) => slot.poolId === poolId);
      for (const slot of old) idle.splice(idle.indexOf(slot), 1);
      await Promise.all(old.map(stop));
      serveWaiting();
    },
    counts: () => ({ total: idle.length + busy.size, busy: busy.size }),
    isClosed: () => closed,
    close: async () => {
      closed = true;
      for (const slot of [...idle.splice(0), ...busy]) void stop(slot);
      await Promise.all(stopping);
    },
  };
}
