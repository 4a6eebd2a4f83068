import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Loop devices with an image below a folder of this name. The kernel lets go of them when the last mount is gone, which may be
 * a moment after the process is.
 */
export async function loopDevicesOf(name: string): Promise<readonly string[]> {
  for (let tries = 0; ; tries += 1) {
    const found = devices().filter(([, image]) => image.includes(`/${name}/`));
    if (found.length === 0 || tries === 500) return found.map(([device]) => device);
    await wait(20);
  }
}

function devices(): readonly (readonly [string, string])[] {
  try {
    return readdirSync('/sys/block')
      .filter((device) => device.startsWith('loop'))
      .map((device) => [device, imageOf(device)] as const);
  } catch {
    return [];
  }
}

function imageOf(device: string): string {
  try {
    return readFileSync(`/sys/block/${device}/loop/backing_file`, 'utf8').trim();
  } catch {
    return '';
  }
}
