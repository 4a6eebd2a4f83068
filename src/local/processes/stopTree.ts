import { type ChildProcess, execFileSync } from 'node:child_process';
import { processTree } from './processTree.ts';

/**
 * Without a control group to freeze: stops a process and all its descendants, or lets them go on, with those of `besides`: external
 * extensions are no descendants of the runtime.
 */
export function stopTree(leader: ChildProcess, besides: readonly number[], on: boolean, toolPath: string): void {
  const signal = on ? 'SIGSTOP' : 'SIGCONT';
  const { pid } = leader;
  if (pid === undefined) return;
  leader.kill(signal);
  const others = [pid, ...besides].flatMap(processTree).filter((id) => id !== String(pid));
  if (others.length === 0) return;
  try {
    execFileSync('kill', ['-s', signal.slice(3), ...others], { env: { PATH: toolPath }, stdio: 'ignore' });
  } catch {
    // One that has ended meanwhile.
  }
}
