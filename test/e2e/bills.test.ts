import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { checkResultSchema } from '../../src/model/check.ts';
import { migrationResultSchema } from '../../src/model/migration.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, createOrders, openAccount } from './support.ts';

/** What each side costs a month at the traffic that is given, beside the verdict. */
describe('bills of both sides', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount({
      executor: scriptedExecutor(
        ({ environment, invocation }) => ({
          durationMs: 200 * (1 + 0.04 * Math.sin(7.3 * environment + invocation)),
          initDurationMs: 150,
          maxMemoryUsedMb: 70,
          payload: { ok: true },
        }),
        { waiting: 'none' },
      ),
    });
    await createOrders(account);
  });
  afterAll(() => account.close());

  /** The document, and what people read of it. */
  async function tune(...args: readonly string[]) {
    const page = join(account.stateFolder, 'page.md');
    const given = ['--function', 'orders', '--yes', '--traffic', '1M/month', '--json', '--report', `markdown=${page}`];
    const { code, stdout } = await runTuneQuickly([...args, ...given], account.env, { cwd: account.stateFolder });
    return { code, document: JSON.parse(stdout) as unknown, text: await readFile(page, 'utf8') };
  }

  it('are in the document and the output of a check', async () => {
    const { code, document, text } = await tune('check', '--against', 'orders:live', '--max-invocations', '40');
    expect([0, 4]).toContain(code);
    const [checked] = checkResultSchema.parse(document).functions;
    const { current, baseline } = checked?.monthly ?? {};
    expect([current?.requests, baseline?.requests]).toEqual([1e6, 1e6]);
    // 1 M × (0.2 s × 0.5 GB × $0.0000166667 + $0.0000002), cold starts besides.
    for (const side of [current, baseline]) expect(Math.abs((side?.usd.total ?? 0) / 1.867 - 1)).toBeLessThan(0.1);
    expect(text).toMatch(
      /At 1M\/month \\\(1,000,000 requests a month\\\) this side costs \\\$1\.\d+ a month, \\\$1\.\d+ with what/,
    );
  });

  it('of a migration are those at what was observed in production, and the same wherever it is shown', async () => {
    const observation = join(account.stateFolder, 'orders.json');
    const counts = Array.from({ length: 1440 }, () => 30);
    const traffic = { startsAt: '2026-11-01T00:00:00Z', minutesEach: 1, counts, idleLifeS: { estimate: 600 } };
    await writeFile(observation, JSON.stringify({ total: {}, versions: [], traffic }));
    const page = join(account.stateFolder, 'moved.md');
    const file = join(account.stateFolder, 'moved.json');
    const given = ['--function', 'orders', '--yes', '--observation', observation];
    const reports = ['--report', `json=${file}`, '--report', `markdown=${page}`, '--report', 'table'];
    const { stdout } = await runTuneQuickly(['migrate', ...given, ...reports], account.env, {
      cwd: account.stateFolder,
    });
    const { run } = migrationResultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    // 30 a minute for 30.4 days
    const bills = (run?.configurations ?? []).flatMap(({ monthly }) => (monthly === undefined ? [] : [monthly]));
    expect(bills.map(({ requests }) => requests)).toEqual([1_313_280, 1_313_280]);
    expect(run?.traffic).toMatchObject({ kind: 'observation', idleLifeS: 600, idleLifeFrom: 'observation' });
    for (const { usd } of bills) {
      const shown = `$${usd.total.toPrecision(3)}`;
      expect(stdout).toContain(shown);
      expect(await readFile(page, 'utf8')).toContain(`\\${shown}`);
    }
    const again = await runTuneQuickly(['report', file, '--report', 'table'], account.env, {
      cwd: account.stateFolder,
    });
    expect(again.stdout).toBe(stdout);
  });

  it('are those of the saved calls where a check is against a baseline', async () => {
    const file = join(account.stateFolder, 'base.json');
    const given = ['--function', 'orders', '--yes', '--report', `json=${file}`];
    expect((await runTuneQuickly(['baseline', ...given], account.env, { cwd: account.stateFolder })).code).toBe(0);
    const { document, text } = await tune('check', '--baseline', file);
    const { current, baseline } = checkResultSchema.parse(document).functions[0]?.monthly ?? {};
    expect([current?.requests, baseline?.requests]).toEqual([1e6, 1e6]);
    expect(text).toMatch(/this side costs \\\$1\.\d+ a month, \\\$1\.\d+ with what it is compared with/);
  });

  it('are in the document and the output of a migration', async () => {
    const { document, text } = await tune('migrate');
    const { run } = migrationResultSchema.parse(document);
    const bills = (run?.configurations ?? []).flatMap(({ architecture, memoryMb, monthly }) =>
      memoryMb === 512 && monthly !== undefined
        ? [[architecture, monthly.requests, monthly.usd.total < 1.867 * 0.9]]
        : [],
    );
    expect(bills.toSorted()).toEqual([
      ['arm64', 1e6, true],
      ['x86_64', 1e6, false],
    ]);
    expect(text).toMatch(/\| *512 MB[^\n]*\$1\.\d/);
  });
});
