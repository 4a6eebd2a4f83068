/** `null`: none of them is known. */
export function sumOfKnown(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 && amounts.length > 0 ? null : known.reduce((sum, amount) => sum + amount, 0);
}

interface Spending {
  readonly monthlyUsd: number | null;
  readonly functionArn: string;
}

/** The dearest first, what is not known last; what is equal, by ARN, so that the order is always the same. */
export function bySpend(one: Spending, other: Spending): number {
  const spends = (other.monthlyUsd ?? -1) - (one.monthlyUsd ?? -1);
  if (spends !== 0) return spends;
  return one.functionArn < other.functionArn ? -1 : 1;
}
