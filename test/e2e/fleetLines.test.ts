import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Portfolio, portfolioSchema } from '../../src/model/fleet/portfolio.ts';
import { type FleetWorld, startFleetWorld } from '../fleet/fleetWorld.ts';
import { root, runTune } from './support.ts';

const execute = promisify(execFile);

/** The shell lines of what is emitted, run as those run them who read it. Those of GitHub: fleetEngines.test.ts. */
describe('a fleet elsewhere', () => {
  let world: FleetWorld;
  let folder: string;
  let env: Record<string, string>;
  const emitted = async (engine: string) =>
    parse((await runTune(['fleet', 'emit', engine, '--shards', '2'], env)).stdout);
  /** A folder with what the repository of the functions has. */
  const checkout = async (name: string) => {
    const place = join(folder, name);
    await mkdir(join(place, 'node_modules'), { recursive: true });
    await symlink(root, join(place, 'node_modules/lambda-tune'));
    const config = { payload: { id: 1 }, memory: '1769,2048', architecture: 'x86_64', invocations: 4 };
    await writeFile(join(place, 'tune.config.json'), JSON.stringify(config));
    return place;
  };
  const names = () =>
    world.places.flatMap(({ lab }) => lab.endpoint.snapshot().functions.map(({ functionName }) => functionName));
  const portfolioIn = async (place: string): Promise<Portfolio> =>
    portfolioSchema.parse(JSON.parse(await readFile(join(place, 'portfolio.json'), 'utf8')));

  beforeAll(async () => {
    world = await startFleetWorld({
      functionsOf: () => [
        { functionName: 'orders', memoryMb: 2048, invocations: 3_000_000 },
        { functionName: 'thumbs', memoryMb: 2048, invocations: 2_000_000 },
      ],
      script: ({ spec, environment, invocation }) => ({
        durationMs:
          100 * Math.max(1, 1769 / spec.memoryMb) * (1 + 0.01 * Math.sin(7.3 * environment + 3.1 * invocation)),
        maxMemoryUsedMb: 90,
      }),
    });
    folder = await mkdtemp(join(tmpdir(), 'tune-lines-'));
    env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TUNE_STATE_DIR: join(folder, 'tune-state'),
      AWS_ENDPOINT_URL: world.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('the lines of GitLab plan, hand on a child pipeline, measure in parts, clean up and merge', async () => {
    const place = await checkout('gitlab');
    /** A runner has all lines of a script in one shell, and those of after_script in another. */
    const job = (script: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
      execute('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script.join('\n')], {
        cwd: place,
        env: { ...env, ...variables },
      });
    const pipeline = await emitted('gitlab');
    await job(pipeline['tune-plan'].script);
    const child = parse(await readFile(join(place, 'tune-child.yml'), 'utf8'));
    const { PART: parts } = child['tune-part'].parallel.matrix[0];
    expect(parts).toEqual(['1', '2']);
    for (const part of parts) {
      await job(child['tune-part'].script, { PART: part, MAX_SPEND_USD: '1' });
      await job(child['tune-part'].after_script);
    }
    expect(names().toSorted()).toEqual(['orders', 'thumbs']);
    await job(child['tune-merge'].script);
    const { total, shards } = await portfolioIn(place);
    expect([total.functions, total.measured, total.change, shards.missing]).toEqual([2, 2, 2, []]);
  }, 180_000);

  it('the lines of the containers plan, measure one function each under its share of the cap, merge and clean up', async () => {
    const { Resources } = await emitted('step-functions');
    const { phases } = parse(Resources.Builds.Properties.Source.BuildSpec);
    /** CodeBuild has them in sh, in a folder with what lies under `in/` of the bucket. */
    const container = async (name: string, variables: Readonly<Record<string, string>>) => {
      const place = await checkout(name);
      const given = { ...env, ...variables, TOTAL_USD: '2', IN_FLIGHT_EACH: '10' };
      for (const phase of ['build', 'post_build']) {
        const lines = phases[phase].commands.join('\n').replaceAll('/app/bin/tune.js', join(root, 'bin/tune.js'));
        await execute('sh', ['-c', lines], { cwd: place, env: given });
      }
      return join(place, 'out');
    };
    const plan = await container('plan', { STEP: 'plan' });
    const items = JSON.parse(await readFile(join(plan, 'items.json'), 'utf8'));
    // Of $2 for two functions each may spend 1; two run side by side, so --shard 1/2 halves what it is given.
    expect(items.map(({ maxSpendUsd }: { maxSpendUsd: string }) => maxSpendUsd)).toEqual(['2.000000', '2.000000']);
    const runs = join(folder, 'runs-of-all');
    for (const { name, functionArn, maxSpendUsd } of items) {
      const out = await container(`measure-${name}`, {
        STEP: 'measure',
        FUNCTION_ARN: functionArn,
        MAX_SPEND_USD: maxSpendUsd,
        CODEBUILD_SRC_DIR_plan: plan,
      });
      await cp(out, join(runs, name), { recursive: true });
    }
    const out = await container('merge', { STEP: 'merge', CODEBUILD_SRC_DIR_runs: runs });
    const { total, shards } = await portfolioIn(out);
    expect([total.functions, total.measured, total.change, shards.missing]).toEqual([2, 2, 2, []]);
    await container('clean', { STEP: 'clean' });
    expect(names().toSorted()).toEqual(['orders', 'thumbs']);
  }, 180_000);

  it.each([
    ['pause', { pause: '300ms', concurrency: 1 }],
    ['maxRate', { maxRate: '5/s', concurrency: 4 }],
  ])(
    '%s of a config file holds for each function',
    async (name, pace) => {
      const place = await checkout(name);
      const config = { payload: { id: 1 }, memory: '2048', architecture: 'x86_64', invocations: 8, ...pace };
      await writeFile(join(place, 'tune.config.json'), JSON.stringify(config));
      const ranked = await runTune(['fleet', 'rank', '--observe', '0', '--json', '-q'], env, place);
      await writeFile(join(place, 'fleet.json'), ranked.stdout);
      const from = world.calls.length;
      const args = ['fleet', 'run', 'fleet.json', '--top', '2', '--out', 'paced', '--max-spend-usd', '1', '-q'];
      const run = await runTune(args, env, place);
      expect(run.code, run.stderr).toBe(0);
      for (const functionName of ['orders', 'thumbs']) {
        // But for the first one, which tries the copy.
        const calls = world.calls
          .slice(from)
          .filter(({ operation }) => operation.includes('/invocations') && operation.includes(functionName))
          .toSorted((one, other) => one.atMs - other.atMs)
          .slice(1);
        expect(calls.length).toBeGreaterThanOrEqual(8);
        if (name === 'pause') {
          // From an answer to the next call of the only environment.
          const gaps = calls.slice(1).map(({ atMs }, nth) => atMs - (calls[nth]?.endedAtMs ?? Number.NaN));
          expect(gaps.filter((ms) => !(ms >= 295))).toEqual([]);
        } else {
          // The k-th call is not sent before its slot; only the first one may have been late at the wire.
          const spanMs = (calls.at(-1)?.atMs ?? 0) - (calls[0]?.atMs ?? 0);
          expect(spanMs).toBeGreaterThanOrEqual(200 * (calls.length - 1) - 500);
        }
      }
    },
    120_000,
  );
});
