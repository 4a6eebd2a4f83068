import type { z } from 'zod';
import { TuneError } from '../../base/errors.ts';

/** Flags of a command that takes nothing from the config file. @throws TuneError USAGE naming the flag */
export function parseFlags<Flags>(
  schema: z.ZodType<Flags>,
  flags: Readonly<Record<string, unknown>>,
  command: string,
): Flags {
  const parsed = schema.safeParse(flags);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const flag = String(issue?.path[0] ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new TuneError('USAGE', `--${flag} ${issue?.message ?? 'is not valid'}.`, {
    hint: `tune ${command} --help lists every option.`,
  });
}
