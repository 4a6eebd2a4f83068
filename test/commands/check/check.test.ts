import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBaseline } from '../../../src/commands/check/baseline.ts';
import { runCheckCommand } from '../../../src/commands/check/check.ts';
import { parseSavedRun } from '../../../src/documents/savedDocument.ts';
import { checkResultSchema } from '../../../src/model/check.ts';
import { inLabAccount } from '../labAccount.ts';

const flags = { function: 'orders', yes: true, quiet: true };

describe('check', () => {
  const account = inLabAccount({ script: () => ({ durationMs: 200, maxMemoryUsedMb: 60 }) });
  const withOrders = async () => {
    await account().lab.create();
    account().under({});
  };
  const names = () =>
    account()
      .lab.endpoint.snapshot()
      .functions.map(({ functionName }) => functionName);

  it('measures one side against a budget until that is decided, and leaves the account as it was', async () => {
    await withOrders();
    const { io, stdout } = account().process({ speed: 20 });
    expect(await runCheckCommand({ ...flags, maxP95Ms: '1000', json: true }, io)).toBe(0);
    const [checked] = checkResultSchema.parse(JSON.parse(stdout())).functions;
    expect([checked?.verdict, checked?.metrics.find(({ name }) => name === 'p95')?.verdict]).toEqual([
      'passed',
      'passed',
    ]);
    expect(names()).toEqual(['orders']);
  });

  it('fails what breaks a budget with 1, which --no-fail turns into 0, and the verdict stays', async () => {
    await withOrders();
    for (const [more, code] of [
      [{}, 1],
      [{ fail: false }, 0],
    ] as const) {
      const { io, stdout } = account().process({ speed: 20 });
      expect(await runCheckCommand({ ...flags, ...more, maxP95Ms: '10', json: true }, io)).toBe(code);
      expect(checkResultSchema.parse(JSON.parse(stdout())).verdict).toBe('regressed');
    }
  });

  it('compares with the baseline that is measured before, and knows that nothing changed', async () => {
    await withOrders();
    const report = ['json=base.json'];
    expect(await runBaseline({ ...flags, report }, account().process({ speed: 20 }).io)).toBe(0);
    const saved = parseSavedRun(readFileSync(join(account().folder, 'base.json'), 'utf8'), 'base.json');
    expect(saved.configurations).toHaveLength(1);
    const { io, stdout } = account().process({ speed: 20 });
    expect(await runCheckCommand({ ...flags, baseline: ['base.json'], json: true }, io)).toBe(0);
    const [checked] = checkResultSchema.parse(JSON.parse(stdout())).functions;
    expect([checked?.verdict, checked?.identical]).toEqual(['passed', true]);
  });

  it.each([
    [{}, 'There is nothing to compare with.'],
    [{ against: 'orders:live', baseline: ['base.json'] }, '--against and --baseline cannot be given together.'],
  ])('refuses %j before it creates anything', async (more, message) => {
    await withOrders();
    const { io } = account().process({ speed: 20 });
    await expect(runCheckCommand({ ...flags, ...more }, io)).rejects.toMatchObject({ code: 'USAGE', message });
    expect(names()).toEqual(['orders']);
  });
});
