/** No statistics but what they are tried with: 32 bits a draw, so that shares below one in four thousand million never come up. */

/** A source of numbers in [0, 1): passed in wherever chance is used, so that a run can be repeated from its seed. */
export type Random = () => number;

/** A seeded generator (sfc32, Chris Doty-Humphrey's PractRand, seeded by splitmix32): same seed, same numbers everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  // Signed, for these stay small integers to the engine: the bits are the same, and drawing is several times as fast.
  let [a, b, c, counter] = [next() | 0, next() | 0, next() | 0, 1];
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) draw();
  return draw;
}

/** A new array in random order (Durstenfeld 1964). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}
