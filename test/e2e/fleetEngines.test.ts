import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fleetApplicationSchema } from '../../src/model/fleet/fleetApplication.ts';
import { portfolioSchema } from '../../src/model/fleet/portfolio.ts';
import { verificationSchema } from '../../src/model/fleet/verification.ts';
import { type FleetWorld, startFleetWorld } from '../fleet/fleetWorld.ts';
import { runTuneQuickly } from './quickly.ts';
import { root } from './support.ts';

const execute = promisify(execFile);

describe('a fleet on an engine', () => {
  let world: FleetWorld;
  let folder: string;
  let env: Record<string, string>;
  const tune = (...args: string[]) => runTuneQuickly(args, env, { cwd: folder });
  const git = (...args: string[]) =>
    execute('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);

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
    folder = await mkdtemp(join(tmpdir(), 'tune-engine-'));
    env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TUNE_STATE_DIR: join(folder, 'tune-state'),
      AWS_ENDPOINT_URL: world.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/lambda-tune'));
    const payload = { payload: { id: 1 }, memory: '1769,2048', architecture: 'x86_64', invocations: 6 };
    await writeFile(join(folder, 'tune.config.json'), JSON.stringify(payload));
    const fn = (name: string) => ({
      Type: 'AWS::Serverless::Function',
      Properties: { FunctionName: name, Runtime: 'nodejs20.x', Handler: 'index.handler', MemorySize: 2048 },
    });
    await writeFile(
      join(folder, 'template.yaml'),
      JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', Resources: { Orders: fn('orders') } }, null, 2),
    );
    await git('init', '-q');
    await git('add', 'template.yaml');
    await git('commit', '-qm', 'a');
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** As a runner calls the lines of a step. */
  const step = (run: string, variables: Readonly<Record<string, string>> = {}) =>
    execute('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      env: { ...env, ...variables },
    });

  it('the lines of the workflow of GitHub plan, measure in parts, leave nothing and merge', async () => {
    const emitted = await tune('fleet', 'emit', 'github', '--shards', '2');
    const { jobs } = parse(emitted.stdout);
    const linesOf = (job: string, name: string): string =>
      jobs[job].steps.find((one: { name?: string }) => one.name === name).run;
    const output = join(folder, 'output.txt');
    await step(linesOf('plan', 'Plan'), { GITHUB_OUTPUT: output });
    expect(await readFile(output, 'utf8')).toBe('parts=[1,2]\nof=2\n');
    for (const part of ['1', '2']) {
      await step(linesOf('measure', 'Measure'), { PART: part, PARTS: '2', MAX_SPEND_USD: '1' });
      await step(linesOf('measure', 'Clean up'));
      await mkdir(join(folder, 'parts', part), { recursive: true });
      await rename(join(folder, 'runs'), join(folder, 'parts', part, 'runs'));
    }
    const summary = join(folder, 'summary.md');
    await step(linesOf('merge', 'Merge'), { GITHUB_STEP_SUMMARY: summary });
    const portfolio = portfolioSchema.parse(JSON.parse(await readFile(join(folder, 'portfolio.json'), 'utf8')));
    expect(portfolio.total).toMatchObject({ functions: 2, measured: 2, change: 2 });
    expect(portfolio.shards.missing).toEqual([]);
    expect(await readFile(summary, 'utf8')).toContain('orders');
    const names = world.places.flatMap(({ lab }) =>
      lab.endpoint.snapshot().functions.map(({ functionName }) => functionName),
    );
    expect(names.toSorted()).toEqual(['orders', 'thumbs']);
  }, 180_000);

  it('one function in each container, each with its share, is whole when they are merged', async () => {
    const { functions } = JSON.parse(await readFile(join(folder, 'fleet.json'), 'utf8'));
    for (const one of functions) {
      const args = ['--only', one.functionArn, '--shard', '1/2', '--max-in-flight', '20', '--max-spend-usd', '1'];
      const { code } = await tune('fleet', 'run', 'fleet.json', ...args, '--out', `each/${one.functionName}`, '-q');
      expect(code).toBe(0);
    }
    const folders = (await readdir(join(folder, 'each'))).map((name) => `each/${name}`);
    const merged = await tune('fleet', 'merge', ...folders, '--json');
    const portfolio = portfolioSchema.parse(JSON.parse(merged.stdout));
    expect([merged.code, portfolio.total.measured, portfolio.shards.missing]).toEqual([0, 2, []]);
  }, 180_000);

  it('apply shows the diffs of all, and a function that no file defines is a row', async () => {
    const shown = await tune('fleet', 'apply', 'portfolio.json');
    expect(shown.code).toBe(2);
    expect(shown.stdout).toContain('+        "MemorySize": 1769');
    expect(shown.stdout).toContain('2 answers: 1 to be written, 1 without a definition here.');
    const checked = await tune('fleet', 'apply', 'portfolio.json', '--check');
    expect(checked.code).toBe(1);
    const asked = await tune('fleet', 'apply', 'portfolio.json', '--write');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--write --yes')]);
    const written = await tune('fleet', 'apply', 'portfolio.json', '--write', '--yes', '--json');
    const { functions } = fleetApplicationSchema.parse(JSON.parse(written.stdout));
    expect(
      functions.map(({ functionName, application }) => `${functionName} ${application?.outcome}`).toSorted(),
    ).toEqual(['orders written', 'thumbs notFound']);
    expect(await readFile(join(folder, 'template.yaml'), 'utf8')).toContain('"MemorySize": 1769');
    // A folder is merged first; a run that is gone is a row.
    await rm(join(folder, 'parts/1/runs'), { recursive: true });
    const gone = await tune('fleet', 'apply', 'portfolio.json', '--json');
    const rows = fleetApplicationSchema.parse(JSON.parse(gone.stdout)).functions;
    expect(rows.filter(({ error }) => error?.code === 'SAVED_RUN').length).toBe(1);
    expect(gone.code).toBe(2);
  }, 60_000);

  it('apply says once that there is no repository, not of every function', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'tune-no-git-'));
    const run = await runTuneQuickly(['fleet', 'apply', join(folder, 'portfolio.json')], env, { cwd: elsewhere });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('This folder is in no git repository');
    await rm(elsewhere, { recursive: true });
  }, 60_000);

  it('verify says of each what production says, and what cannot be read is a row', async () => {
    const [place] = world.places;
    await place?.lab.lambda.send(new DeleteFunctionCommand({ FunctionName: 'thumbs' }));
    const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    const verified = await tune('fleet', 'verify', 'portfolio.json', '--since-change', day, '--json', '-q');
    const { functions } = verificationSchema.parse(JSON.parse(verified.stdout));
    const rows = functions.map((one) => `${one.functionName} ${one.verdict} ${one.isDeployed}`);
    // Called as before, and still at its old size; a function that is gone is a mistake in what was named.
    expect(rows.toSorted()).toEqual(['orders inconclusive false', 'thumbs unread null']);
    expect(verified.code).toBe(2);
    const since = await tune('fleet', 'verify', 'portfolio.json');
    // What it may cost is said before it is read.
    expect(since.stderr).toContain('at most $0.0500 each (--max-spend-usd), $0.100 in all');
    expect(since.stdout).toContain('There is no function thumbs');
    // Production is read up to the minute: the one in which orders was created may be over by now, or not.
    const isOver = since.stdout.includes('Since deployment of $LATEST');
    const count = isOver ? '1 cannot be told, 1 not judged.' : '2 not judged.';
    expect(since.stdout).toContain(`2 answers, cheaper since the change: ${count}`);
    if (!isOver) expect(since.stdout).toContain('No deployment or change of settings');
    expect(since.code).toBe(2);
  }, 60_000);
});
