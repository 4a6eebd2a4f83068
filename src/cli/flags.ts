import type { Command } from 'commander';

/** For options that may be given several times. */
export function collected(item: string, list: readonly string[] | undefined): readonly string[] {
  return [...(list ?? []), item];
}

/** Only what the user wrote: commander's defaults for `--no-…` options must not override the config file. */
export function givenFlags(flags: Readonly<Record<string, unknown>>, command: Command): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) === 'cli'));
}
