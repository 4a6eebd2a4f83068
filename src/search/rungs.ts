/**
 * Sizes worth trying: powers of two, 1,769 MB (one whole vCPU: the best size of one real curve in six) and 3,008 MB (the
 * most that new accounts may use). On recorded curves the sizes between them gain about half a percent.
 */
export const autoRungs: readonly number[] = [128, 256, 512, 1024, 1769, 3008, 4096, 6144, 8192, 10_240];

/** The rungs inside a range, and its two ends. */
export function rungsBetween(fromMb: number, toMb: number): readonly number[] {
  return [...new Set([fromMb, ...autoRungs.filter((rung) => rung > fromMb && rung < toMb), toMb])];
}
