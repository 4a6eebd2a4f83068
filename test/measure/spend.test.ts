import { describe, expect, it } from 'vitest';
import { spendLedger } from '../../src/measure/spend.ts';

/** What has been decided by now, once everything that can go on has gone on. */
async function soon(decision: Promise<boolean>): Promise<boolean | 'waits'> {
  const waits = new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits'), 0));
  return Promise.race([decision, waits]);
}

describe('the ledger of a run', () => {
  it('lets a call go whose worst case fits beside what is spent and reserved', async () => {
    const ledger = spendLedger(1);
    expect(await ledger.reserve(0.6)).toBe(true);
    expect(await ledger.reserve(0.4)).toBe(true);
    expect([ledger.spentUsd, ledger.reservedUsd]).toEqual([0, 1]);
  });

  it('makes a call wait while those in flight may leave room for it, and lets it go when they do', async () => {
    const ledger = spendLedger(1);
    await ledger.reserve(0.8);
    const second = ledger.reserve(0.8);
    expect(await soon(second)).toBe('waits');
    ledger.settle(0.8, 0.1);
    expect(await second).toBe(true);
    expect([ledger.spentUsd, ledger.reservedUsd]).toEqual([0.1, 0.8]);
  });

  it('refuses what does not fit when nothing is left to wait for', async () => {
    const ledger = spendLedger(1);
    await ledger.reserve(0.8);
    const second = ledger.reserve(0.8);
    ledger.settle(0.8, 0.3);
    expect(await second).toBe(false);
    expect([ledger.spentUsd, ledger.reservedUsd]).toEqual([0.3, 0]);
  });

  it('reserves nothing when nothing is in flight, however the sums of doubles drift', async () => {
    const ledger = spendLedger(undefined);
    for (let call = 0; call < 10; call += 1) await ledger.reserve(0.1);
    for (let call = 0; call < 10; call += 1) ledger.settle(0.1, 0);
    expect(ledger.reservedUsd).toBe(0);
  });

  it('counts the calls of one function among several for all of them, and lets go of its own share where those have no room', async () => {
    const all = spendLedger(1);
    const [one, other] = [spendLedger(undefined, all), spendLedger(0.5, all)];
    expect(await one.reserve(0.7)).toBe(true);
    expect(all.reservedUsd).toBe(0.7);
    one.settle(0.7, 0.7);
    expect([one.spentUsd, all.spentUsd]).toEqual([0.7, 0.7]);
    expect(await other.reserve(0.4)).toBe(false);
    expect([other.reservedUsd, all.reservedUsd]).toEqual([0, 0]);
    expect(await other.reserve(0.3)).toBe(true);
  });
});
