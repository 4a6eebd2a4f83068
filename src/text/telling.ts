/** One sentence about all that it concerns, with a stable code; none where it concerns nothing. */
export function telling<Code extends string>(
  code: Code,
  names: readonly string[],
  text: (names: string) => string,
): { readonly code: Code; readonly text: string } | undefined {
  return names.length === 0 ? undefined : { code, text: text(listed(names)) };
}

/** Enough to find them, short enough to read. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
