import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetSchema } from '../../src/model/fleet/fleet.ts';
import { portfolioSchema } from '../../src/model/fleet/portfolio.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { type FleetWorld, startFleetWorld } from '../fleet/fleetWorld.ts';
import { runTune, startTune } from './support.ts';

const accounts = ['111111111111', '222222222222'];
const regions = ['us-east-1', 'eu-west-1'];
const roles = [...accounts, '333333333333'].map((id) => `arn:aws:iam::${id}:role/tune`).join(',');

/** Of one account and region. */
function mostInASecond(
  calls: readonly { readonly accountId: string; readonly region: string; readonly atMs: number }[],
) {
  const within = calls.map(
    (one) =>
      calls.filter(
        (other) =>
          other.accountId === one.accountId &&
          other.region === one.region &&
          other.atMs >= one.atMs &&
          other.atMs < one.atMs + 1000,
      ).length,
  );
  return Math.max(...within);
}

describe('tune fleet', () => {
  let world: FleetWorld;
  let folder: string;
  let env: Record<string, string>;
  const tune = (...args: string[]) => runTune(args, env, folder);
  const leftovers = () =>
    world.places.flatMap(({ lab }) =>
      lab.endpoint
        .snapshot()
        .functions.map(({ functionName }) => functionName)
        .filter((name) => name.startsWith('tune-')),
    );
  /** Invocations that were admitted, by account, region and name of the copied function. */
  const invoked = () =>
    world.calls.filter(({ operation }) => operation.includes('/invocations')).map(({ operation }) => operation);

  beforeAll(async () => {
    world = await startFleetWorld({
      accounts,
      regions,
      closedAccounts: ['333333333333'],
      functionsOf: (account, region) => [
        {
          functionName: `busy-${account[0]}-${region.slice(0, 2)}`,
          memoryMb: 2048,
          invocations: 3_000_000,
          tags: { team: 'shop' },
          eventSource: 'sqs',
        },
        { functionName: `calm-${account[0]}-${region.slice(0, 2)}`, memoryMb: 512, invocations: 400_000 },
        { functionName: `idle-${account[0]}-${region.slice(0, 2)}` },
      ],
      script: ({ spec, environment, invocation }) => ({
        durationMs:
          100 * Math.max(1, 1769 / spec.memoryMb) * (1 + 0.01 * Math.sin(7.3 * environment + 3.1 * invocation)),
        maxMemoryUsedMb: 90,
      }),
    });
    folder = await mkdtemp(join(tmpdir(), 'tune-fleet-'));
    env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TUNE_STATE_DIR: join(folder, 'state'),
      AWS_ENDPOINT_URL: world.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    await writeFile(
      join(folder, 'tune.config.json'),
      JSON.stringify({
        memory: '512,1769,2048',
        architecture: 'x86_64,arm64',
        invocations: 6,
        functions: [
          ...accounts.flatMap((account) =>
            regions.map((region) => ({ function: `busy-${account[0]}-${region.slice(0, 2)}`, payload: { id: 1 } })),
          ),
          ...regions.map((region) => ({ function: `calm-1-${region.slice(0, 2)}`, payload: { id: 2 } })),
        ],
      }),
    );
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('rank reads two accounts in two regions, and one that cannot be reached is a row', async () => {
    const ranked = await tune('fleet', 'rank', '--region', regions.join(','), '--assume-role', roles, '--json', '-q');
    expect([ranked.code, ranked.stderr]).toEqual([0, '']);
    const fleet = fleetSchema.parse(JSON.parse(ranked.stdout));
    await writeFile(join(folder, 'fleet.json'), ranked.stdout);
    expect(fleet.functions.length).toBe(12);
    expect(fleet.functions[0]).toMatchObject({
      owner: 'shop',
      eventSources: ['sqs'],
      basis: 'records',
      memoryMb: 2048,
    });
    expect(fleet.functions.at(-1)).toMatchObject({ monthlyUsd: 0, isWorthMeasuring: false });
    expect(fleet.places.map(({ accountId, status }) => `${accountId} ${status}`)).toEqual([
      '111111111111 read',
      '111111111111 read',
      '222222222222 read',
      '222222222222 read',
      '333333333333 denied',
      '333333333333 denied',
    ]);
    expect(fleet.spend.spentUsd).toBeLessThan(0.05);
    // No call per function but for those that are observed, and those are read only.
    expect(world.calls.filter(({ operation }) => operation === 'ListEventSourceMappings').length).toBe(4);
    expect(invoked()).toEqual([]);
  }, 120_000);

  it.each(['ou-ab12-11111111', 'accounts.txt'])(
    'rank reads the accounts of %s through the role of each, and a role that cannot be assumed is a row',
    async (named) => {
      await writeFile(join(folder, 'accounts.txt'), `${accounts.join('\n')}\n333333333333 # closed\n`);
      const args = ['--accounts', named, '--assume-role', 'tune', '--region', 'eu-west-1', '--observe', '0'];
      const ranked = await tune('fleet', 'rank', ...args, '--json', '-q');
      expect([ranked.code, ranked.stderr]).toEqual([0, '']);
      const { functions, places } = fleetSchema.parse(JSON.parse(ranked.stdout));
      expect(places.map(({ accountId, role, status }) => `${accountId} ${role} ${status}`)).toEqual([
        '111111111111 arn:aws:iam::111111111111:role/tune read',
        '222222222222 arn:aws:iam::222222222222:role/tune read',
        '333333333333 arn:aws:iam::333333333333:role/tune denied',
      ]);
      expect(places[2]?.notes.join()).toContain('cannot be assumed');
      expect(functions.map(({ functionName }) => functionName).toSorted()).toEqual(
        accounts.flatMap((account) => ['busy', 'calm', 'idle'].map((name) => `${name}-${account[0]}-eu`)).toSorted(),
      );
    },
    120_000,
  );

  it('run measures in four parts what one machine measures, keeps to {} for nobody, and leaves nothing', async () => {
    const common = ['fleet', 'run', 'fleet.json', '--max-spend-usd', '1', '-q'];
    const whole = await tune(...common, '--out', 'whole', '--json');
    expect([whole.code, leftovers()]).toEqual([0, []]);
    const before = world.calls.length;
    const parts = await Promise.all(
      [1, 2, 3, 4].map((nth) => tune(...common, '--out', 'parts', '--shard', `${nth}/4`)),
    );
    expect(parts.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    // The promise of the control plane, five a second after a burst of ten, is kept by all four together.
    const control = world.calls
      .slice(before)
      .filter(({ operation }) => /^(POST|PUT|DELETE) \/20/.test(operation) && !operation.includes('/invocations'));
    expect(control.length).toBeGreaterThan(20);
    expect(mostInASecond(control)).toBeLessThanOrEqual(15);
    expect(leftovers()).toEqual([]);
    const merged = await tune('fleet', 'merge', 'parts', '--json');
    expect(merged.code).toBe(0);
    const one = portfolioSchema.parse(JSON.parse(whole.stdout));
    const all = portfolioSchema.parse(JSON.parse(merged.stdout));
    const settled = ({ functions }: typeof one) =>
      functions.map(({ functionArn, state, answer }) => {
        const to =
          answer?.configuration === undefined
            ? ''
            : `${answer.configuration.memoryMb} ${answer.configuration.architecture}`;
        return `${functionArn} ${state} ${answer?.kind} ${to}`;
      });
    expect(settled(all).toSorted()).toEqual(settled(one).toSorted());
    expect(all.shards).toEqual({ of: 4, found: [1, 2, 3, 4], missing: [] });
    expect(all.total).toMatchObject({ functions: 8, measured: 6, needsPayload: 2, failed: 0 });
    const runs = (await readdir(join(folder, 'parts'))).filter((name) => name.endsWith('.json'));
    expect(runs.length).toBe(6);
    tuningResultSchema.parse(JSON.parse(await readFile(join(folder, 'parts', runs[0] ?? ''), 'utf8')));
  }, 240_000);

  it('a part that is killed first removes what it left, and goes on without paying twice', async () => {
    const args = ['fleet', 'run', 'fleet.json', '--max-spend-usd', '1', '--out', 'killed'];
    const first = startTune(args, env, folder);
    const finished = async () => {
      const text = await readFile(join(folder, 'killed', 'shards', '1-of-1.json'), 'utf8').catch(() => '{"rows":[]}');
      const { rows } = JSON.parse(text) as { rows: { state: string; functionArn: string }[] };
      return rows.filter(({ state }) => state === 'measured').map(({ functionArn }) => functionArn.split(':')[6] ?? '');
    };
    while ((await finished()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    first.kill('SIGKILL');
    await first.finished;
    expect(leftovers().length).toBeGreaterThan(0);
    const done = await finished();
    const before = invoked().length;
    const again = await tune(...args, '--json');
    // Nothing that was done is called again.
    expect(
      invoked()
        .slice(before)
        .filter((path) => done.some((name) => path.includes(name))),
    ).toEqual([]);
    expect([again.code, leftovers()]).toEqual([0, []]);
    const portfolio = portfolioSchema.parse(JSON.parse(again.stdout));
    expect(portfolio.total).toMatchObject({ functions: 8, measured: 6, needsPayload: 2 });
    expect(again.stderr).toContain('to go on with');
    const third = await tune(...args);
    expect([third.code, third.stderr]).toEqual([0, expect.stringContaining('2 functions of 8 to measure')]);
  }, 240_000);

  it('an event of its source is sent where the config file says so, and is offered where nothing is said', async () => {
    const needy = async (payload: object) => {
      await writeFile(join(folder, 'source.json'), JSON.stringify({ ...payload, memory: '2048', invocations: 2 }));
      const args = ['--config', 'source.json', '--only', 'busy-1-eu', '--only', 'idle-1-eu', '--max-spend-usd', '1'];
      const run = await tune(
        'fleet',
        'run',
        'fleet.json',
        ...args,
        '--out',
        `source-${Object.keys(payload)}`,
        '--json',
      );
      return portfolioSchema
        .parse(JSON.parse(run.stdout))
        .functions.map(({ functionName, state, because }) => `${functionName} ${state}: ${because}`);
    };
    const [busy, idle] = (await needy({ payload: 'sample:source' })).toSorted();
    expect(busy).toContain('busy-1-eu measured');
    expect(idle).toContain('idle-1-eu needsPayload: no event source calls it');
    const [offered] = (await needy({})).toSorted();
    expect(offered).toContain('it is called with events of sqs: "payload": "sample:source" sends one');
    expect(leftovers()).toEqual([]);
  }, 120_000);

  it('check takes a part of the functions of its file', async () => {
    const config = { functions: [1, 2, 3].map((nth) => ({ function: `gone-${nth}`, against: 'busy-1-us' })) };
    await writeFile(join(folder, 'check.json'), JSON.stringify(config));
    const part = await tune('check', '--config', 'check.json', '--shard', '2/3', '--json', '-q');
    const { functions } = JSON.parse(part.stdout);
    expect(functions.map((one: { function: string }) => one.function)).toEqual(['gone-2']);
    const refused = await tune('check', '--config', 'check.json', '--shard', '4/3');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('counts from 1')]);
  }, 60_000);
});
