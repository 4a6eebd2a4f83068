import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { never, sized, startWorld, type World, type WorldOptions } from '../world.ts';

let zip: Buffer;
let bigZip: Buffer;
beforeAll(async () => {
  zip = await zipWith(11);
  bigZip = await zipWith(51);
});

async function zipWith(megabytes: number): Promise<Buffer> {
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from('export const handler = async (event) => event;'), 'index.mjs');
  archive.addBuffer(randomBytes(megabytes * 1024 * 1024), 'model.bin', { compress: false });
  archive.end();
  return buffer(archive.outputStream);
}

let world: World;
const start = async (options: WorldOptions = {}) => {
  world = await startWorld({ ...options, create: { Code: { ZipFile: zip }, ...options.create } });
  return world;
};
afterEach(() => world.close());

describe('a large package', () => {
  it('goes to two shadows, each walking its sizes by publishing versions', async () => {
    const { platform, before } = await start({ testing: { states: { pendingMs: 30, updateMs: 30, publishMs: 30 } } });
    const deployments = await Promise.all(
      [512, 128, 256, 1024, 2048].map((memoryMb) => platform.deploy(sized(memoryMb), never)),
    );
    expect(
      deployments.map(({ functionName, version, configuration }) => [functionName, version, configuration.memoryMb]),
    ).toEqual([
      ['tune-k3x9-x86_64-1-orders', '1', 512],
      ['tune-k3x9-x86_64-2-orders', '1', 128],
      ['tune-k3x9-x86_64-1-orders', '2', 256],
      ['tune-k3x9-x86_64-2-orders', '2', 1024],
      ['tune-k3x9-x86_64-1-orders', '3', 2048],
    ]);
    for (const deployment of deployments) {
      const attempt = await platform.invoke(deployment, '{}', never);
      expect(attempt).toMatchObject({
        kind: 'answered',
        logTail: expect.stringContaining(`Memory Size: ${deployment.configuration.memoryMb} MB`),
      });
    }
    expect(world.calls('CreateFunction')).toHaveLength(2);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
  });

  it.each(['UpdateFunctionConfiguration', 'PublishVersion'])(
    'goes on when a host of the service does not know its own new copy yet (%s)',
    async (refusing) => {
      let left = 3;
      const { platform } = await start({
        testing: {
          faults: ({ operation }) => {
            if (operation !== refusing || left === 0) return undefined;
            left -= 1;
            return { kind: 'status', status: 404, type: 'ResourceNotFoundException' };
          },
        },
      });
      const deployments = [];
      for (const memoryMb of [512, 128, 256]) deployments.push(await platform.deploy(sized(memoryMb), never));
      expect(deployments.map(({ version }) => version)).toEqual(['1', '1', '2']);
      expect(left).toBe(0);
      expect(await platform.remove()).toEqual([]);
    },
  );

  it('goes on with the next size when the account refuses one', async () => {
    const { platform } = await start({ testing: { memoryLimitMb: 3008 } });
    const [first, refused, , after] = await Promise.allSettled(
      [512, 4096, 1024, 2048].map((memoryMb) => platform.deploy(sized(memoryMb), never)),
    );
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(refused).toMatchObject({ status: 'rejected', reason: { memoryLimitMb: 3008 } });
    expect(after).toMatchObject({
      status: 'fulfilled',
      value: { functionName: 'tune-k3x9-x86_64-2-orders', version: '1' },
    });
    expect(await platform.remove()).toEqual([]);
  });
});

describe('a package over 50 MB', () => {
  it('is refused without a staging bucket, with the option that helps', async () => {
    const { platform } = await start({ shadow: { overlayOf: () => ({ code: bigZip }) } });
    await expect(platform.deploy(sized(128), never)).rejects.toMatchObject({
      code: 'CODE',
      hint: expect.stringContaining('--staging-bucket'),
    });
    expect(await platform.remove()).toEqual([]);
  });

  it('goes through the staging bucket, and no version of it stays there', async () => {
    const { platform, lab, memory } = await start({
      shadow: { overlayOf: () => ({ code: bigZip }), stagingBucket: 'staging' },
    });
    await lab.s3.send(new CreateBucketCommand({ Bucket: 'staging' })).catch(() => undefined);
    await lab.s3
      .send(new PutBucketVersioningCommand({ Bucket: 'staging', VersioningConfiguration: { Status: 'Enabled' } }))
      .catch(() => undefined);
    const deployment = await platform.deploy(sized(128), never);
    expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
    expect(lab.endpoint.snapshot().objects).toMatchObject([{ bucket: 'staging', key: 'lambda-tune/k3x9/x86_64.zip' }]);
    expect(memory.words).toContain('made lambda-tune/k3x9/x86_64.zip');
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot().objects).toEqual([]);
    expect(memory.open()).toEqual([]);
  });
});
