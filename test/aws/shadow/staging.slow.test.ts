import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { regionOfBucket } from '../../../src/aws/client/bucketRegion.ts';
import { removeStagedObject } from '../../../src/aws/shadow/removal.ts';
import type { CallInfo, Fault, TestingOptions } from '../../../src/local/testing/testing.ts';
import { packageOf } from '../../local/lab.ts';
import { fastClock, never, sized, startWorld, type World } from '../world.ts';

let bigZip: Buffer;
beforeAll(async () => {
  bigZip = await packageOf(51);
});

let world: World;
/** A run whose package goes through the bucket `staging`, which keeps versions. */
async function start(testing: Omit<TestingOptions, 'forTestsOnly'>): Promise<World> {
  world = await startWorld({ shadow: { overlayOf: () => ({ code: bigZip }), stagingBucket: 'staging' } });
  await world.lab.s3.send(new CreateBucketCommand({ Bucket: 'staging' }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await world.lab.s3.send(new PutBucketVersioningCommand({ Bucket: 'staging', VersioningConfiguration }));
  world.lab.endpoint.setTesting({ forTestsOnly: true, ...testing });
  return world;
}
afterEach(() => world.close());

const onPut = (fault: Fault) => ({ faults: (call: CallInfo) => (call.operation === 'PutObject' ? fault : undefined) });
const deletions = () => world.calls('DeleteObject');

describe('an upload to the staging bucket that is refused', () => {
  it.each([
    [
      'by a bucket of another region',
      { bucketRegions: { staging: 'eu-west-1' } },
      'CODE',
      "The staging bucket staging is in eu-west-1; Lambda takes code from buckets in the function's own region, us-east-1.",
    ],
    [
      'for want of a permission',
      { deny: [{ action: 's3:*', resource: '*' }] },
      'ACCESS_DENIED',
      /s3:PutObject on arn:aws:s3:::staging\/lambda-tune\/k3x9\/x86_64\.zip/,
    ],
    [
      'because there is no such bucket',
      onPut({ kind: 'status', status: 404, type: 'NoSuchBucket' }),
      'CODE',
      'There is no staging bucket staging.',
    ],
  ] as const)(
    '%s was never made: nothing is left, nothing is asked to be deleted',
    async (_, testing, code, message) => {
      const { platform, memory } = await start(testing);
      const failure = await platform.deploy(sized(128), never).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
      expect(memory.words).toContain('removed lambda-tune/k3x9/x86_64.zip');
      expect(await platform.remove()).toEqual([]);
      expect(memory.open()).toEqual([]);
      expect(deletions()).toEqual([]);
    },
  );

  it('after an attempt that went unanswered is looked for, and removed by its version', async () => {
    let puts = 0;
    const { platform, memory, lab } = await start({
      faults: ({ operation }) => {
        if (operation !== 'PutObject') return undefined;
        puts += 1;
        return puts === 1 ? 'resetAfter' : { kind: 'status', status: 403, type: 'AccessDenied' };
      },
    });
    await expect(platform.deploy(sized(128), never)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(lab.endpoint.snapshot().objects).toHaveLength(1);
    expect(await platform.remove()).toEqual([]);
    expect(lab.endpoint.snapshot().objects).toEqual([]);
    expect(memory.open()).toEqual([]);
  });
});

describe('removing a staged object whose version is not known', () => {
  const object = { bucket: 'staging', key: 'lambda-tune/k3x9/x86_64.zip' };
  const remove = () =>
    removeStagedObject(
      {
        clients: world.clients,
        clock: fastClock,
        onEvent: () => undefined,
        deadlineMs: fastClock.monotonicMs() + 60_000,
      },
      object,
    );

  it('writes no delete marker where nothing is there', async () => {
    const { lab } = await start({});
    expect(await remove()).toBeUndefined();
    expect(deletions()).toEqual([]);
    expect(lab.endpoint.snapshot().objects).toEqual([]);
  });

  it.each([
    ['may not be listed', { deny: [{ action: 's3:ListBucketVersions', resource: '*' }] }],
    [
      'cannot be listed',
      {
        faults: ({ operation }: CallInfo): Fault | undefined =>
          operation === 'ListObjectVersions' ? { kind: 'status', status: 501, type: 'NotImplemented' } : undefined,
      },
    ],
  ] as const)('asks for the version of what is there when versions %s', async (_, testing) => {
    const { platform, lab } = await start({});
    await platform.deploy(sized(128), never);
    expect(lab.endpoint.snapshot().objects).toHaveLength(1);
    lab.endpoint.setTesting({ forTestsOnly: true, ...testing });
    expect(await remove()).toBeUndefined();
    expect(lab.endpoint.snapshot().objects).toEqual([]);
    expect(await remove()).toBeUndefined();
    expect(deletions()).toHaveLength(1);
    lab.endpoint.setTesting(undefined);
    await platform.remove();
  });

  it('leaves it, and says so, when nothing may be asked', async () => {
    await start({ deny: [{ action: 's3:*', resource: '*' }] });
    expect(await remove()).toMatchObject({ reason: expect.stringMatching(/^Not allowed/) });
    expect(deletions()).toEqual([]);
  });

  it('is done when the bucket is in another region, where nothing can have been put', async () => {
    await start({ bucketRegions: { staging: 'eu-west-1' } });
    expect(await remove()).toBeUndefined();
  });
});

it('takes the region from the words of S3 where there is no header, and nothing else', () => {
  const words = (message: string) => new Error(message);
  expect(
    regionOfBucket(
      words("The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'"),
    ),
  ).toBe('eu-west-1');
  expect(regionOfBucket(words("expecting '\u001b[31m'"))).toBeUndefined();
});
