/**
 * When a run will be done, for people who watch: the mean pace since measuring began, followed slowly. A few quick or slow
 * calls move it little, and between calls it counts down like a clock.
 */
export interface Eta {
  readonly sinceMs: number;
  readonly atMs: number;
  /** The moment of the end as it is shown. Undefined as long as too little is known. */
  readonly finishMs?: number;
}

/** Fewer calls say nothing: the first ones are cold and wait for their copies. */
const fewestCalls = 3;
/** A changed pace is followed to two thirds within a quarter of what is left, but in no more or less than this. */
const followMs = { least: 400, most: 8000, share: 1 / 4 } as const;

export function startEta(nowMs: number): Eta {
  return { sinceMs: nowMs, atMs: nowMs };
}

export function advanceEta(
  eta: Eta,
  { nowMs, done, left }: { readonly nowMs: number; readonly done: number; readonly left: number },
): Eta {
  const elapsedMs = nowMs - eta.sinceMs;
  if (done < fewestCalls || elapsedMs <= 0) return { ...eta, atMs: nowMs };
  const finishMs = nowMs + (elapsedMs / done) * Math.max(0, left);
  if (eta.finishMs === undefined) return { ...eta, atMs: nowMs, finishMs };
  const patienceMs = Math.max(followMs.least, Math.min(followMs.most, (eta.finishMs - nowMs) * followMs.share));
  const share = 1 - Math.exp(-Math.max(0, nowMs - eta.atMs) / patienceMs);
  return { ...eta, atMs: nowMs, finishMs: eta.finishMs + (finishMs - eta.finishMs) * share };
}

/** "about 40 s left": coarse, because it is a guess. */
export function etaText({ finishMs }: Eta, nowMs: number): string | undefined {
  if (finishMs === undefined) return undefined;
  const seconds = Math.max(0, (finishMs - nowMs) / 1000);
  if (seconds < 3) return 'a few seconds left';
  if (seconds < 20) return `about ${Math.round(seconds)} s left`;
  if (seconds < 88) return `about ${Math.round(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${(seconds / 3600).toFixed(1)} h left`;
}
