export function aborted(): Error {
  return Object.assign(new Error('The run is stopping.'), { name: 'AbortError' });
}
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}

/** Waits, and throws AbortError when the signal is or becomes aborted. */
export async function pause(clock: ShadowClock, ms: number, signal: AbortSignal): Promise<void> {
  stopIfAborted(signal);
  await clock.sleep(ms, signal);
  stopIfAborted(signal);
}

/** `stop` ends waiting and repeating, `hardStop` cuts a request that is on its way. */
export interface StopSignals {
  readonly stop: AbortSignal;
  readonly hardStop: AbortSignal;
}
export interface ShadowClock {
  now(): Date;
  monotonicMs(): number;
  /** 0 ≤ n < 1 */
  random(): number;
  /** Rejects or resolves early when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
