import type { Io } from '../base/io.ts';
import { canRedraw } from '../host/terminal.ts';

/** Loading the SDK takes the better part of a second: whoever sits at a terminal sees at once that something happens. */
export async function starting<T>(
  { quiet }: Readonly<Record<string, unknown>>,
  io: Io,
  load: () => Promise<T>,
): Promise<T> {
  if (quiet || !canRedraw(io.stderr, io)) return load();
  io.stderr.write('Starting');
  try {
    return await load();
  } finally {
    io.stderr.write('\r\u001b[K');
  }
}
