import { afterEach, expect, it } from 'vitest';
import { never, sized, startWorld, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

it('fetches the package once for both architectures', async () => {
  world = await startWorld({ lab: { architectures: ['x86_64', 'arm64'] }, shadow: { overlayOf: () => ({}) } });
  await Promise.all([world.platform.deploy(sized(256), never), world.platform.deploy(sized(256, 'arm64'), never)]);
  expect(world.functionNames()).toEqual(['orders', 'tune-k3x9-arm64-1-orders', 'tune-k3x9-x86_64-1-orders']);
  expect(world.calls('DownloadCode')).toHaveLength(1);
});
