import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFleetRank } from '../../../src/commands/fleet/rank.ts';
import { runFleetRun } from '../../../src/commands/fleet/run.ts';
import { portfolioSchema } from '../../../src/model/fleet/portfolio.ts';
import { inFleetWorld } from './world.ts';

const config = { memory: '512,1024', architecture: 'x86_64', invocations: 4, payload: {} };

describe('fleet run', () => {
  const inWorld = inFleetWorld({
    functionsOf: () => [
      { functionName: 'busy', memoryMb: 1024, invocations: 3_000_000, meanMs: 100 },
      { functionName: 'calm', memoryMb: 1024, invocations: 300_000, meanMs: 100 },
    ],
    script: ({ spec }) => ({ durationMs: 100_000 / spec.memoryMb, maxMemoryUsedMb: 60 }),
  });
  /** `fleet.json`, as `tune fleet rank` writes it. */
  const ranked = async () => {
    const { io, stdout } = inWorld().process();
    await runFleetRank({ observe: '0', json: true, quiet: true }, io);
    const { folder } = inWorld();
    writeFileSync(join(folder, 'fleet.json'), stdout());
    writeFileSync(join(folder, 'tune.config.json'), JSON.stringify(config));
  };
  const run = async (flags: Readonly<Record<string, unknown>>) => {
    const { io, stdout, stderr } = inWorld().process({ speed: 20 });
    const code = await runFleetRun('fleet.json', { out: 'runs', json: true, ...flags }, io);
    return { code, stderr: stderr(), portfolio: portfolioSchema.parse(JSON.parse(stdout())) };
  };
  const names = () =>
    inWorld()
      .world.places.flatMap(({ lab }) => lab.endpoint.snapshot().functions)
      .map(({ functionName }) => functionName);

  it('with --dry-run says what it would measure, in the ranking’s order, and creates nothing', async () => {
    await ranked();
    const { code, portfolio } = await run({ dryRun: true, top: '2' });
    expect(code).toBe(0);
    expect(portfolio.functions.map(({ functionName, state }) => [functionName, state])).toEqual([
      ['busy', 'notReached'],
      ['calm', 'notReached'],
    ]);
    expect(names()).toEqual(['busy', 'calm']);
    expect(existsSync(join(inWorld().folder, 'runs'))).toBe(false);
  });

  it('measures the one that is named, saves its run beside its part, and leaves no copy', async () => {
    await ranked();
    const { code, portfolio } = await run({ only: ['busy'], maxSpendUsd: '1', yes: true, quiet: true });
    expect(code).toBe(0);
    const [one, ...others] = portfolio.functions;
    expect([one?.functionName, one?.state, others]).toEqual(['busy', 'measured', []]);
    expect(existsSync(join(inWorld().folder, 'runs', one?.runFile ?? ''))).toBe(true);
    expect(names()).toEqual(['busy', 'calm']);
  });

  it('creates nothing without consent', async () => {
    await ranked();
    const { io } = inWorld().process();
    await expect(runFleetRun('fleet.json', { out: 'runs', top: '1' }, io)).rejects.toMatchObject({ code: 'CONSENT' });
    expect(names()).toEqual(['busy', 'calm']);
  });

  it('ends with 3 where nothing that was asked for was measured', async () => {
    await ranked();
    writeFileSync(join(inWorld().folder, 'tune.config.json'), JSON.stringify({ ...config, payload: undefined }));
    const { code, portfolio } = await run({ top: '1', maxSpendUsd: '1', yes: true, quiet: true });
    expect([code, portfolio.functions[0]?.state]).toEqual([3, 'needsPayload']);
  });

  it('refuses a function that the ranking has not, before it looks at anything', async () => {
    await ranked();
    const before = inWorld().world.calls.length;
    const asked = runFleetRun('fleet.json', { out: 'runs', only: ['gone'] }, inWorld().process().io);
    await expect(asked).rejects.toMatchObject({
      code: 'USAGE',
      message: '--only gone: there is no such function in the ranking.',
    });
    expect(inWorld().world.calls.length).toBe(before);
  });
});
