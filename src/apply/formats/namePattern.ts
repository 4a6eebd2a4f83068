/** What a name looks like of which some parts are expressions: `${Stage}-orders`. Undefined: too little of it is written out. */
export function namePatternOf(written: string): RegExp | undefined {
  const parts = written.split(/\$\{[^{}]*\}|\{[^{}]*\}/);
  if (parts.length < 2) return undefined;
  if (parts.join('').replace(/[^A-Za-z0-9]/g, '').length < 3) return undefined;
  return new RegExp(`^${parts.map(escaped).join('[\\w-]*')}$`);
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
