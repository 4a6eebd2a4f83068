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
  let lastMs: number | undefined;
  let lastTurn = Promise.resolve();
  const wait = async (stop: AbortSignal) => {
    if (stop.aborted) return;
    const nowMs = monotonicMs();
    const slotMs = nextSlotMs(lastMs, nowMs, perSecond);
    if (slotMs > nowMs) await sleep(slotMs - nowMs, stop);
    // Timers are late: the next one counts from when this one really went, or two would come too close.
    lastMs = Math.max(slotMs, monotonicMs());
  };
  return (stop) => {
    lastTurn = lastTurn.then(() => wait(stop));
    return lastTurn;
  };
}
