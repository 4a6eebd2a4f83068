import type { Io, TextOutput } from '../base/io.ts';

/** What the terminal behind an output can show; a pipe or file is none. */

/** Lines that are drawn over: not in a CI log, not on a terminal that cannot move its cursor, not among those of `--debug`. */
export function canRedraw(output: TextOutput, { env, trace }: Pick<Io, 'env' | 'trace'>): boolean {
  return output.isTty && trace === undefined && !env.CI && env.TERM !== 'dumb';
}

/** Colour only on a terminal, and never against NO_COLOR (no-color.org) or --no-color. */
export function canColor(output: TextOutput, options: { readonly color: boolean }, { env }: Pick<Io, 'env'>): boolean {
  return output.isTty && options.color && !env.NO_COLOR && env.TERM !== 'dumb';
}

/**
 * false on a terminal whose locale is not UTF-8 or whose font is known to be poor. What goes into a pipe or file is
 * always UTF-8; and a locale that is not set at all says nothing (containers have none).
 */
export function showsUnicode(output: TextOutput, { env, platform }: Pick<Io, 'env' | 'platform'>): boolean {
  if (!output.isTty) return true;
  if (env.TERM === 'linux') return false;
  if (platform === 'win32') return Boolean(env.WT_SESSION || env.TERM_PROGRAM || env.ConEmuTask);
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return !locale || /utf-?8/i.test(locale);
}
