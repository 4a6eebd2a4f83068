import type { Payload } from '../../model/payload.ts';

/**
 * Which payload the n-th call (from 0) of an environment sends: the same for every environment and configuration, so that
 * all are measured with the same work. First each payload once, the weightiest first, so that few calls cover all of them
 * (each is estimated apart and combined by weight: one that was never sent would be missing from the price). Then each its
 * share, never far from it (R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32, 1980).
 */
export function payloadSequence(payloads: readonly Payload[]): (n: number) => Payload {
  const [only, ...others] = payloads;
  if (only?.lines !== undefined && others.length === 0) return linesInTurn(only, only.lines);
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  const shares = payloads.map(({ weight }) => weight / total);
  const sent = payloads.map(() => 0);
  const dealt: Payload[] = [];
  const byWeight = payloads.map((_, index) => index).sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
  return (n) => {
    for (;;) {
      const known = dealt[n];
      if (known !== undefined) return known;
      const next = byWeight[dealt.length] ?? nextPayload(shares, sent, dealt.length + 1);
      const payload = payloads[next];
      if (payload === undefined) throw new Error('A payload sequence needs at least one payload.');
      sent[next] = (sent[next] ?? 0) + 1;
      dealt.push(payload);
    }
  };
}

/** Which line a call was sent is told, so that answers to the same one can be compared. */
function linesInTurn(payload: Payload, lines: readonly string[]): (n: number) => Payload {
  return (n) => {
    const index = n % lines.length;
    return { ...payload, name: `line ${index + 1}`, body: lines[index] ?? payload.body };
  };
}

/**
 * Of those that are behind by enough, the one that would soonest fall behind by a whole call; the first of equals. There
 * is always one: all together they are one call behind.
 */
function nextPayload(shares: readonly number[], sent: readonly number[], call: number): number {
  const slack = shares.length < 2 ? 0 : 1 / (2 * shares.length - 2);
  let next = 0;
  let earliest = Number.POSITIVE_INFINITY;
  shares.forEach((share, index) => {
    const behind = share * call - (sent[index] ?? 0);
    const deadline = (1 - slack - behind) / share;
    if (behind >= slack - rounding && deadline < earliest - rounding) {
      next = index;
      earliest = deadline;
    }
  });
  return next;
}

/** Shares such as 1/3 are not exact. */
const rounding = 1e-9;
