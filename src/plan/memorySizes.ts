import { TuneError } from '../base/errors.ts';
import type { Warning } from '../model/warning.ts';

const leastMemoryMb = 128;
const mostMemoryMb = 10_240;

/** What `--memory` asks for. */
export type MemoryRequest =
  /** Ascending, each once. */
  | { readonly kind: 'list'; readonly memoryMb: readonly number[]; readonly warnings: readonly Warning[] }
  /** `a..b`: search between them, both included. */
  | { readonly kind: 'range'; readonly fromMb: number; readonly toMb: number }
  | { readonly kind: 'auto' }
  | { readonly kind: 'all' };

/** `128,512,1024`, `128..3008`, `auto` or `all`. Throws TuneError USAGE naming the part that is wrong. */
export function parseMemorySizes(text: string): MemoryRequest {
  const whole = text.trim();
  if (whole === 'auto' || whole === 'all') return { kind: whole };
  const ends = whole.split('..');
  const [from, to] = ends;
  if (ends.length === 2 && from !== undefined && to !== undefined) {
    const fromMb = memorySize(from);
    const toMb = memorySize(to);
    if (fromMb > toMb) throw refused(`the range ${whole} ends below its start`);
    return { kind: 'range', fromMb, toMb };
  }
  const sizes = whole.split(',').map(memorySize);
  const memoryMb = [...new Set(sizes)].sort((a, b) => a - b);
  const repeated = memoryMb.filter((size) => sizes.indexOf(size) !== sizes.lastIndexOf(size));
  const warnings = repeated.map((size) => ({
    code: 'memoryRepeated',
    text: `${size} MB is given more than once; it is measured once.`,
  }));
  return { kind: 'list', memoryMb, warnings };
}

function memorySize(text: string): number {
  const digits = text.trim();
  if (digits === '') throw refused('a size is empty');
  if (!/^\d{1,9}$/.test(digits)) throw refused(`"${digits.slice(0, 40)}" is not a whole number in decimal digits`);
  const memoryMb = Number(digits);
  if (memoryMb < leastMemoryMb || memoryMb > mostMemoryMb) {
    throw refused(`${memoryMb} MB is outside ${leastMemoryMb} to ${mostMemoryMb} MB`);
  }
  return memoryMb;
}

function refused(reason: string): TuneError {
  return new TuneError('USAGE', `--memory cannot be used: ${reason}.`, {
    hint: 'Give sizes in MB, for instance --memory 128,512,1024,1769.',
  });
}
