import { readFileSync } from 'node:fs';

/** Where time goes on a machine that others work on, too: CPU time does not grow with their load as wall time does. */

const ticksPerSecond = 100;

/** Of a process and of those of its own that have ended, so far; undefined where there is no /proc, or it has ended. */
export function cpuSecondsOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold blanks.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : sum(fields.slice(11, 15)) / ticksPerSecond;
}

export interface MachineTime {
  /** Of all cores: what was used, by whomever. */
  readonly busySeconds: number;
  readonly atMs: number;
}

export function machineTime(): MachineTime | undefined {
  const line = read('/proc/stat')?.split('\n')[0]?.split(/\s+/).slice(1);
  if (line === undefined) return undefined;
  const [user = '', nice = '', system = '', , , irq = '', softIrq = '', steal = ''] = line;
  return { busySeconds: sum([user, nice, system, irq, softIrq, steal]) / ticksPerSecond, atMs: performance.now() };
}

/** How many cores others kept busy between two moments. */
export function coresOfOthers(from: MachineTime, to: MachineTime, ownSeconds: number): number {
  return Math.max(0, (to.busySeconds - from.busySeconds - ownSeconds) / ((to.atMs - from.atMs) / 1000));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly string[]): number {
  return numbers.reduce((total, one) => total + Number(one), 0);
}
