import { afterEach, describe, expect, it } from 'vitest';
import { parseReportLine } from '../../../src/report-line/reportLine.ts';
import { never, realClock, sized, startWorld, type World, type WorldOptions } from '../world.ts';

let world: World;
const start = async (options?: WorldOptions) => {
  world = await startWorld(options);
  return world;
};
afterEach(() => world.close());

describe('shadows of a small package', () => {
  it('creates one published shadow per configuration and reads the report of a call', async () => {
    const { platform, target } = await start({
      create: { MemorySize: 256, Tags: { team: 'shop' }, Environment: { Variables: { TABLE: 'orders' } } },
    });
    const [small, large] = await Promise.all([platform.deploy(sized(256), never), platform.deploy(sized(512), never)]);
    expect([small, large]).toEqual([
      {
        configuration: { memoryMb: 256, architecture: 'x86_64' },
        functionName: 'tune-k3x9-x86_64-1-orders',
        version: '1',
      },
      {
        configuration: { memoryMb: 512, architecture: 'x86_64' },
        functionName: 'tune-k3x9-x86_64-2-orders',
        version: '1',
      },
    ]);
    const attempt = await platform.invoke(large, '{"n":1}', never);
    expect(attempt.kind).toBe('answered');
    if (attempt.kind !== 'answered') return;
    expect(parseReportLine(attempt.logTail ?? '', attempt.requestId)?.memorySizeMb).toBe(512);
    const shadow = world.lab.endpoint
      .snapshot()
      .functions.find(({ functionName }) => functionName === small.functionName);
    expect(shadow?.tags).toEqual({
      'lambda-tune:tool': 'lambda-tune',
      'lambda-tune:run': 'k3x9',
      'lambda-tune:target': 'orders',
      'lambda-tune:created': '2026-11-23T10:00:00.000Z',
      'lambda-tune:expires': '2026-11-23T11:00:00.000Z',
      team: 'shop',
    });
    expect(shadow?.configuration).toMatchObject({
      MemorySize: 256,
      CodeSha256: target.facts.codeSha256,
      Environment: { Variables: { TABLE: 'orders' } },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/tune-k3x9' },
    });
  });

  it('removes everything, the log group last, and leaves the target as it was', async () => {
    const { platform, before, memory } = await start();
    await Promise.all([128, 256, 512].map((memoryMb) => platform.deploy(sized(memoryMb), never)));
    expect(world.lab.endpoint.snapshot().logGroups).toMatchObject([
      { logGroupName: '/aws/lambda/tune-k3x9', retentionInDays: 1 },
    ]);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
    expect(memory.open()).toEqual([]);
    expect(memory.words.at(0)).toBe('intend /aws/lambda/tune-k3x9');
    expect(memory.words.at(-1)).toBe('removed /aws/lambda/tune-k3x9');
  });

  it('creates nothing else before the creation of the reference was accepted', async () => {
    const { platform } = await start();
    await Promise.all([512, 128, 256, 1024].map((memoryMb) => platform.deploy(sized(memoryMb), never)));
    const [reference, ...others] = world.calls('CreateFunction').filter((call) => call.resource.includes('tune-k3x9'));
    expect(reference?.resource).toMatch(/:tune-k3x9-x86_64-1-orders$/);
    expect(others).toHaveLength(3);
    for (const other of others)
      expect(other.atMs).toBeGreaterThanOrEqual(reference?.endedAtMs ?? Number.POSITIVE_INFINITY);
  });

  it('answers a second deploy of a configuration with the same deployment', async () => {
    const { platform } = await start();
    const [first, second] = await Promise.all([platform.deploy(sized(128), never), platform.deploy(sized(128), never)]);
    expect(second).toEqual(first);
    expect(world.functionNames()).toEqual(['orders', 'tune-k3x9-x86_64-1-orders']);
  });

  it('waits until a Pending version is active', async () => {
    const { platform } = await start({ testing: { states: { pendingMs: 150, publishMs: 150 } } });
    const deployment = await platform.deploy(sized(128), never);
    expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
  });

  it('looks often at the first copy alone: the others are looked at once, when their time has come', async () => {
    // The endpoint's time and the looks' must be one: no faster clock here.
    const { platform } = await start({ clock: realClock, testing: { states: { pendingMs: 600, publishMs: 0 } } });
    await Promise.all([512, 128, 256, 1024].map((memoryMb) => platform.deploy(sized(memoryMb), never)));
    const looks = new Map<string, number>();
    for (const { resource } of world.calls('GetFunction')) looks.set(resource, (looks.get(resource) ?? 0) + 1);
    const [first = 0, ...others] = [...looks.values()];
    expect(first).toBeGreaterThan(2);
    expect(others).toHaveLength(3);
    // One whose creation was answered sooner than the first's may have to look twice.
    expect(others.toSorted().slice(0, 2)).toEqual([1, 1]);
    expect(Math.max(...others)).toBeLessThanOrEqual(2);
  });

  it('says that a copy was accepted before it is ready', async () => {
    const { platform } = await start({ testing: { states: { pendingMs: 150, publishMs: 0 } } });
    const looksByThen: number[] = [];
    await platform.deploy(sized(128), never, () => looksByThen.push(world.calls('GetFunction').length));
    expect(looksByThen).toEqual([0]);
    expect(world.calls('GetFunction').length).toBeGreaterThan(0);
  });

  it('asks nothing further where the service has said by itself that a version is ready', async () => {
    const { platform } = await start();
    const first = await platform.deploy(sized(256), never);
    await platform.renew(first, never);
    expect(world.calls('PublishVersion')).toHaveLength(1);
    expect(world.calls('GetFunction')).toEqual([]);
  });

  it('waits for a change, and for the version, of which it is not said', async () => {
    const { platform } = await start({ testing: { states: { pendingMs: 0, updateMs: 80, publishMs: 80 } } });
    const first = await platform.deploy(sized(256), never);
    const second = await platform.renew(first, never);
    const looksAt = (resource: string) => world.calls('GetFunction').filter((call) => call.resource.endsWith(resource));
    expect(looksAt('orders:2').length).toBeGreaterThan(0);
    expect(looksAt('orders').length).toBeGreaterThan(0);
    expect((await platform.invoke(second, '{}', never)).kind).toBe('answered');
  });

  it('removes the shadow of a released configuration at once', async () => {
    const { platform } = await start();
    const released = await platform.deploy(sized(128), never);
    await platform.deploy(sized(256), never);
    await platform.release(released);
    await expect.poll(() => world.functionNames()).toEqual(['orders', 'tune-k3x9-x86_64-2-orders']);
    expect(await platform.remove()).toEqual([]);
    expect(world.functionNames()).toEqual(['orders']);
    expect(world.calls('DeleteFunction')).toHaveLength(2);
  });

  it('publishes a further version of a configuration, with environments of its own', async () => {
    const { platform } = await start({ create: { Description: 'Takes orders' } });
    const first = await platform.deploy(sized(256), never);
    await platform.deploy(sized(512), never);
    const second = await platform.renew(first, never);
    expect(second).toEqual({ ...first, version: '2' });
    expect(await platform.renew(first, never)).toEqual({ ...first, version: '3' });
    const warm = async (deployment: typeof first) => {
      const attempt = await platform.invoke(deployment, '{}', never);
      return attempt.kind === 'answered' && !attempt.logTail?.includes('Init Duration');
    };
    expect([await warm(first), await warm(first), await warm(second)]).toEqual([false, true, false]);
    expect(await platform.remove()).toEqual([]);
    expect(world.functionNames()).toEqual(['orders']);
  });

  it('is measured in the version that an alias names', async () => {
    const { target } = await start({
      create: { Publish: true, MemorySize: 320, Tags: { team: 'shop' } },
      reference: 'orders:1',
    });
    expect(target.facts).toMatchObject({ qualifier: '1', version: '1', memoryMb: 320 });
    const deployment = await world.platform.deploy(sized(320), never);
    expect(
      world.lab.endpoint.snapshot().functions.find(({ functionName }) => functionName === deployment.functionName)?.tags
        .team,
    ).toBe('shop');
  });

  it('lays --env over the environment and --tag over the tags of the shadows', async () => {
    const { platform } = await start({
      create: { Environment: { Variables: { DD_ENV: 'prod', TABLE: 'orders' } }, Tags: { team: 'shop' } },
      shadow: { env: { DD_ENV: 'tune' }, tags: { owner: 'me' }, copyTags: false },
    });
    const { functionName } = await platform.deploy(sized(128), never);
    const shadow = world.lab.endpoint.snapshot().functions.find((one) => one.functionName === functionName);
    expect(shadow?.configuration.Environment).toEqual({ Variables: { DD_ENV: 'tune', TABLE: 'orders' } });
    expect(Object.keys(shadow?.tags ?? {})).not.toContain('team');
    expect(shadow?.tags.owner).toBe('me');
  });
});
