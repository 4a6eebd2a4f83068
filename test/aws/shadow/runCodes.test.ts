import { afterEach, expect, it } from 'vitest';
import type { ShadowContext } from '../../../src/aws/shadow/context.ts';
import { runCodes } from '../../../src/aws/shadow/runCodes.ts';
import type { Overlay } from '../../../src/model/variant.ts';
import { never, sized, startWorld, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

it('fetches the package once for both architectures', async () => {
  world = await startWorld({ lab: { architectures: ['x86_64', 'arm64'] }, shadow: { overlayOf: () => ({}) } });
  await Promise.all([world.platform.deploy(sized(256), never), world.platform.deploy(sized(256, 'arm64'), never)]);
  expect(world.functionNames()).toEqual(['orders', 'tune-k3x9-arm64-1-orders', 'tune-k3x9-x86_64-1-orders']);
  expect(world.calls('DownloadCode')).toHaveLength(1);
});

it('counts the code storage that a variant with a package of its own takes', async () => {
  const code = new Uint8Array(5_000_000);
  const run = (overlayOf: () => Overlay) =>
    runCodes({
      facts: { packageType: 'Zip', codeSizeBytes: 1000, codeStorageFreeBytes: 100_000_000, region: 'us-east-1' },
      options: { overlayOf },
    } as unknown as ShadowContext);
  run(() => ({})).reserve(sized(256), 5);
  // A fifth of what is free may be taken.
  const own = run(() => ({ code }));
  own.reserve(sized(256), 4);
  expect(() => own.reserve(sized(512), 1)).toThrow(
    'The copies would take 24 MB of code storage, and only 96 MB is free',
  );
});
