import { readFileSync } from 'node:fs';
import { visibleCpus } from '../../model/lambda/vcpus.ts';

/**
 * Those that the runtime may use, so that it sees no more than on Lambda; all of them where the machine has no more. Taken in turn,
 * so that environments do not share the same few.
 */
export function cpusInTurn(memoryMb: number, allowed: readonly number[], turn: number): readonly number[] | 'all' {
  const count = visibleCpus(memoryMb);
  if (allowed.length <= count) return 'all';
  return Array.from({ length: count }, (_, index) => allowed[(turn * count + index) % allowed.length] ?? 0);
}

/** CPUs that this process may use; empty where the host does not tell. */
export function allowedCpus(): readonly number[] {
  try {
    const told = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return told === undefined ? [] : cpusOf(told);
  } catch {
    return [];
  }
}

/** `0-2,5` → 0, 1, 2, 5. */
export function cpusOf(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return first <= last ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : [];
  });
}
