import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portfolioSchema } from '../../src/model/fleet/portfolio.ts';
import { type FleetWorld, startFleetWorld } from '../fleet/fleetWorld.ts';
import { runTune } from './support.ts';

describe('what a fleet run says before it pays, and what its cap leaves room for', () => {
  let world: FleetWorld;
  let folder: string;
  let env: Record<string, string>;
  const tune = (...args: string[]) => runTune(args, env, folder);

  beforeAll(async () => {
    world = await startFleetWorld({
      functionsOf: () => [
        // The dearest one may run for 15 minutes: a call of it costs 5 cents at its worst.
        { functionName: 'nightly', memoryMb: 3008, invocations: 3_000_000, meanMs: 500, members: { Timeout: 900 } },
        { functionName: 'orders', memoryMb: 2048, invocations: 3_000_000, members: { Timeout: 1 } },
      ],
      script: ({ spec }) => ({ durationMs: 100 * Math.max(1, 1769 / spec.memoryMb), maxMemoryUsedMb: 90 }),
    });
    folder = await mkdtemp(join(tmpdir(), 'tune-cap-'));
    env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TUNE_STATE_DIR: join(folder, 'state'),
      AWS_ENDPOINT_URL: world.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const ranked = await tune('fleet', 'rank', '--json', '-q');
    await writeFile(join(folder, 'fleet.json'), ranked.stdout);
    const payload = { payload: { id: 1 }, memory: '2048', architecture: 'x86_64', invocations: 4 };
    await writeFile(join(folder, 'tune.config.json'), JSON.stringify(payload));
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a function whose calls may cost more than is left does not keep a cheaper one from its turn', async () => {
    const run = await tune(
      'fleet',
      'run',
      'fleet.json',
      '--top',
      '2',
      '--out',
      'tight',
      '--max-spend-usd',
      '0.02',
      '--json',
    );
    const { functions, total } = portfolioSchema.parse(JSON.parse(run.stdout));
    expect(functions.map(({ functionName, state }) => `${functionName} ${state}`).toSorted()).toEqual([
      'nightly notReached',
      'orders measured',
    ]);
    expect(total.spentUsd).toBeLessThanOrEqual(0.02);
    expect(run.code).toBe(0);
  }, 120_000);

  it('names those whose size of today is left out, and a dry run those that lack a payload', async () => {
    await writeFile(join(folder, 'other.json'), JSON.stringify({ memory: '512,2048' }));
    const args = ['fleet', 'run', 'fleet.json', '--config', 'other.json', '--top', '2', '--out', 'none', '--dry-run'];
    const before = world.calls.length;
    const { code, stderr, stdout } = await tune(...args);
    expect([code, world.calls.length - before]).toEqual([0, 0]);
    expect(stderr).toContain('leave out what 1 function has today (nightly 3,008 MB)');
    expect(stderr).toContain('2 functions without a payload in the config file');
    expect(stdout).toContain('it needs a payload in the config file, or a shareable test event');
    await expect(readFile(join(folder, 'none', 'shards', '1-of-1.json'))).rejects.toThrow('ENOENT');
  }, 60_000);

  it('says of a ranking or a portfolio that is not there how it is made', async () => {
    const said = async (...args: string[]) => (await tune(...args)).stderr;
    expect(await said('fleet', 'run', 'gone.json')).toContain('Make it with: tune fleet rank --json > fleet.json');
    expect(await said('fleet', 'apply', 'gone.json')).toContain('Make it with: tune fleet merge runs --json');
  }, 60_000);
});
