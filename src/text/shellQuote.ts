/** One argument for a POSIX shell, quoted only where it must be. Control characters stay: escape for the place shown. */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
