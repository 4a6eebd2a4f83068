import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFleetVerify } from '../../../src/commands/fleet/verify.ts';
import type { PortfolioFunction } from '../../../src/model/fleet/portfolio.ts';
import { verificationSchema } from '../../../src/model/fleet/verification.ts';
import { portfolioOf } from './portfolio.ts';
import { inFleetWorld } from './world.ts';

const answer: PortfolioFunction['answer'] = {
  kind: 'change',
  configuration: { memoryMb: 1769, architecture: 'x86_64' },
  because: 'cheaper',
};

describe('fleet verify', () => {
  const inWorld = inFleetWorld({
    functionsOf: () => [{ functionName: 'busy', memoryMb: 1769, invocations: 3_000_000, meanMs: 100 }],
  });
  const verify = async (names: readonly string[], flags: Readonly<Record<string, unknown>> = {}) => {
    const { folder } = inWorld();
    const portfolio = portfolioOf(names.map((functionName) => ({ functionName, answer })));
    writeFileSync(join(folder, 'portfolio.json'), JSON.stringify(portfolio));
    const { io, stdout, stderr } = inWorld().process();
    const code = await runFleetVerify('portfolio.json', { json: true, ...flags }, io);
    return { code, stderr: stderr(), document: verificationSchema.parse(JSON.parse(stdout())) };
  };

  it('has nothing to read where no answer changes anything', async () => {
    const before = inWorld().world.calls.length;
    const { code, stderr, document } = await verify([]);
    expect([code, stderr, document.functions, document.spentUsd]).toEqual([0, '', [], 0]);
    expect(inWorld().world.calls.length).toBe(before);
  });

  it('says beforehand what reading may cost, of each and in all', async () => {
    const { stderr } = await verify(['busy', 'gone'], { maxSpendUsd: '0.02' });
    expect(stderr).toContain('2 functions of the portfolio');
    expect(stderr).toContain('$0.0200 each (--max-spend-usd), $0.0400 in all');
  });

  it('makes a row of each that cannot be judged, and ends as the worst of them', async () => {
    const { code, document } = await verify(['busy', 'gone'], { quiet: true });
    expect(document.functions.map(({ functionName, verdict, error }) => [functionName, verdict, error?.code])).toEqual([
      ['busy', 'unread', 'NOT_MEASURED'],
      ['gone', 'unread', 'TARGET'],
    ]);
    expect(code).toBe(2);
  });
});
