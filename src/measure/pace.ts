/** When the next call may be sent so that no second sees more than `perSecond`: evenly, without bursts. */
export function nextSlotMs(lastSlotMs: number | undefined, nowMs: number, perSecond: number): number {
  return lastSlotMs === undefined ? nowMs : Math.max(nowMs, lastSlotMs + 1000 / perSecond);
}

export interface PaceClock {
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Resolves when it is the caller's turn, in the order of asking; early when the run stops. */
export type Pacer = (stop: AbortSignal) => Promise<void>;

/** For downstreams with limits: one for all lanes of a run. */
export function ratePacer(perSecond: number, { monotonicMs, sleep }: PaceClock): Pacer {
  let lastSlotMs: number | undefined;
  return async (stop) => {
    const nowMs = monotonicMs();
    lastSlotMs = nextSlotMs(lastSlotMs, nowMs, perSecond);
    if (lastSlotMs > nowMs) await sleep(lastSlotMs - nowMs, stop);
  };
}
