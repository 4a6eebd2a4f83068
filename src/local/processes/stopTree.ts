import { type ChildProcess, execFileSync } from 'node:child_process';
import { processTree } from './processTree.ts';

/** Without a control group to freeze: stops a process and all its descendants, or lets them go on. */
export function stopTree(leader: ChildProcess, on: boolean, toolPath: string): void {
  const signal = on ? 'SIGSTOP' : 'SIGCONT';
  const { pid } = leader;
  if (pid === undefined) return;
  leader.kill(signal);
  const others = processTree(pid).filter((id) => id !== String(pid));
  if (others.length === 0) return;
  try {
    execFileSync('kill', ['-s', signal.slice(3), ...others], { env: { PATH: toolPath }, stdio: 'ignore' });
  } catch {
    // One that has ended meanwhile.
  }
}
