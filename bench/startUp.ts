import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './figure.ts';

const binary = fileURLToPath(new URL('../bin/tune.js', import.meta.url));
const rounds = 15;

export interface StartUp {
  /** Medians, in ms. */
  readonly nodeMs: number;
  readonly helpMs: number;
}

/** `tune --help` and `node -e 0` in turn, so that both meet the same minutes of the machine. */
export function startUp(): StartUp {
  const nodeMs: number[] = [];
  const helpMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    nodeMs.push(elapsedMs(['-e', '0']));
    helpMs.push(elapsedMs([binary, '--help']));
  }
  return { nodeMs: median(nodeMs), helpMs: median(helpMs) };
}

function elapsedMs(args: readonly string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
  return performance.now() - startedAt;
}
