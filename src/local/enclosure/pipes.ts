import { execFile } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Named pipes, which Node cannot make: by a program, many at a time, so that no environment waits for it. */
export interface Pipes {
  /** Puts one there; on the file system of the folder that they are made in. */
  take(path: string): Promise<void>;
}

const atOnce = 16;

export function createPipes(folder: string, toolPath: string): Pipes {
  const ready: string[] = [];
  let made = 0;
  let making: Promise<void> | undefined;

  async function make(): Promise<void> {
    const paths = Array.from({ length: atOnce }, () => join(folder, `pipe-${made++}`));
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { env: { PATH: toolPath } });
    ready.push(...paths);
  }

  async function makeOnce(): Promise<void> {
    making ??= make().finally(() => {
      making = undefined;
    });
    return making;
  }
  // The first ones while everything else is found out; whoever takes one hears of a failure.
  makeOnce().catch(() => undefined);

  return {
    async take(path) {
      let pipe = ready.shift();
      for (; pipe === undefined; pipe = ready.shift()) await makeOnce();
      renameSync(pipe, path);
    },
  };
}
