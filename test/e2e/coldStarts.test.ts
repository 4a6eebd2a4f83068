import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun } from './support.ts';

/**
 * Init takes 900 ms; python3.14 makes it 30 % shorter; a restore takes 400 ms where it is the first of its version, and 150 ms
 * later.
 */
describe('cold starts', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeAll(async () => {
    const restored = new Set<string>();
    account = await openAccount({
      executor: scriptedExecutor(
        ({ spec, environment, invocation }) => {
          const version = `${spec.functionName}:${spec.version}`;
          const isFirst = !restored.has(version);
          if (invocation === 0) setTimeout(() => restored.add(version), 20);
          const scatter = 1 + 0.03 * Math.sin(5.1 * environment);
          return {
            durationMs: 30 + invocation,
            initDurationMs: 900 * scatter * (spec.runtime === 'python3.14' ? 0.7 : 1),
            restoreDurationMs: (isFirst ? 400 : 150) * scatter,
            maxMemoryUsedMb: 70,
          };
        },
        { waiting: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs / 10)) },
      ),
    });
    await createOrders(account, { Runtime: 'python3.12', Handler: 'app.handler' });
    folder = await mkdtemp(join(tmpdir(), 'cold-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const base = ['--function', 'orders', '--yes', '--architecture', 'x86_64', '--memory', '512,1024', '-n', '4'];
  async function tune(...args: readonly string[]) {
    const finished = await runTune([...base, ...args], account.env, folder);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect([finished.code, finished.stderr.match(/^tune: .*fail.*/m)]).toEqual([0, null]);
    return finished;
  }
  const flat = (text: string) => text.replace(/\s+/g, ' ');
  const coldOf = ({ configurations }: TuningResult, variant: string) =>
    configurations.filter((row) => (row.variant?.name ?? 'current') === variant).map(({ cold }) => cold);

  it('have an interval of their own, and tell variants apart', async () => {
    const run = savedRun(await tune('--runtime', 'python3.14', '--cold-starts', '5', '--json'));
    for (const cold of coldOf(run, 'python3.14')) {
      expect(cold?.initDurationMs?.meanInterval?.low).toBeGreaterThan(500);
      expect(cold?.initDurationMs?.meanInterval?.high).toBeLessThan(800);
    }
    expect(run.variants).toMatchObject([
      { variant: 'python3.14', init: { kind: 'less', starts: 20, everywhere: true } },
    ]);
    expect(run.variants?.[0]?.init?.high).toBeLessThan(0.8);
  });

  it('are said in the text where they are sure', async () => {
    const { stdout } = await tune('--runtime', 'python3.14', '--cold-starts', '5');
    expect(flat(stdout)).toMatch(/inits in \d+ % \(\d+ to \d+ %\) less time than python3\.12/);
    expect(flat(stdout)).toMatch(
      /Cold starts .* init takes \d+ ms on average \(95 %: \d+ ms to \d+ ms\), of 5 cold starts\./,
    );
  });

  it('of SnapStart are restores, the later ones apart from the first, and it is said that the first are slower', async () => {
    const finished = await tune('--vary', 'snapstart=on', '--cold-starts', '6', '--json');
    const run = savedRun(finished);
    for (const cold of coldOf(run, 'snapstart=on')) {
      expect(cold?.restores?.first?.durationMs.mean).toBeGreaterThan(380);
      expect(cold?.restores?.later?.durationMs.mean).toBeLessThan(160);
      expect(cold?.restores?.later?.count).toBeGreaterThanOrEqual(6);
      expect(cold?.initDurationMs).toBeUndefined();
    }
    expect(run.variants?.[0]?.init?.high).toBeLessThan(0.25);
  });

  it('of SnapStart without further ones say that only first restores were measured', async () => {
    const { stdout } = await tune('--vary', 'snapstart=on', '--memory', '512');
    expect(flat(stdout)).toMatch(
      /Cold starts .*512 MB, SnapStart on: the first restores after publishing take \d+ ms .* Restores of the first minutes after publishing are slower\. Later ones were not measured: --cold-starts 10 makes some\./,
    );
  });
});
