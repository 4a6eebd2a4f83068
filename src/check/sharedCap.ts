/**
 * One cap for several functions so that the sum never exceeds it: equal shares, but what one does not need because a cap of
 * its own is lower goes to the others. Undefined: no cap at all.
 */
export function sharedCap(
  totalUsd: number | undefined,
  own: readonly (number | undefined)[],
): readonly (number | undefined)[] {
  if (totalUsd === undefined) return own;
  const shares: (number | undefined)[] = own.map(() => undefined);
  let leftUsd = totalUsd;
  let open = own.map((_, index) => index);
  for (;;) {
    const equal = leftUsd / open.length;
    const below = open.filter((index) => (own[index] ?? Number.POSITIVE_INFINITY) < equal);
    if (below.length === 0) {
      for (const index of open) shares[index] = equal;
      return shares;
    }
    for (const index of below) {
      shares[index] = own[index];
      leftUsd -= own[index] ?? 0;
    }
    open = open.filter((index) => !below.includes(index));
    if (open.length === 0) return shares;
  }
}
