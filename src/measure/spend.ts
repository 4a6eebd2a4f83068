/**
 * Keeps a run under its spend cap. Before an invocation is sent, its worst case (billed up to the timeout) is reserved;
 * afterwards what it really cost replaces the reservation. So the cap holds even if everything in flight times out.
 */
export interface SpendLedger {
  /**
   * Resolves true when `worstCaseUsd` fits under the cap beside all that is spent and reserved. While it does not fit,
   * waits for invocations in flight to settle (most cost far less than their worst case); false when none is left to wait for.
   */
  reserve(worstCaseUsd: number): Promise<boolean>;
  settle(reservedUsd: number, actualUsd: number): void;
  readonly spentUsd: number;
  readonly reservedUsd: number;
}

/** `within`: of one function among several, whose calls count there, too. */
export function spendLedger(capUsd: number | undefined, within?: SpendLedger): SpendLedger {
  let spentUsd = 0;
  let reservedUsd = 0;
  let open = 0;
  let waiting: (() => void)[] = [];

  function settle(reserved: number, actualUsd: number): void {
    open -= 1;
    // Sums of doubles drift: with nothing open, nothing is reserved.
    reservedUsd = open === 0 ? 0 : Math.max(0, reservedUsd - reserved);
    spentUsd += actualUsd;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  const fits = (usd: number) => capUsd === undefined || spentUsd + reservedUsd + usd <= capUsd;

  return {
    async reserve(worstCaseUsd) {
      while (!fits(worstCaseUsd)) {
        if (open === 0) return false;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reservedUsd += worstCaseUsd;
      open += 1;
      if (within === undefined || (await within.reserve(worstCaseUsd))) return true;
      settle(worstCaseUsd, 0);
      return false;
    },
    settle(reserved, actualUsd) {
      settle(reserved, actualUsd);
      within?.settle(reserved, actualUsd);
    },
    get spentUsd() {
      return spentUsd;
    },
    get reservedUsd() {
      return reservedUsd;
    },
  };
}
