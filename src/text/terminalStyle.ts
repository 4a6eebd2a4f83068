/** How text is coloured for a terminal (SGR codes), or not at all. Colour only repeats what the words say. */
export type Paint = (style: Style, text: string) => string;

export type Style = keyof typeof codes;

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  magenta: [35, 39],
} as const;

export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) => {
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

const asciiFor: Readonly<Record<string, string>> = {
  '–': '-',
  '−': '-',
  '±': '+/-',
  '…': '...',
  '─': '-',
  '✗': 'x',
  '’': "'",
  '·': '|',
};

/** For terminals that cannot show more than ASCII: our own signs replaced, other people's letters spelled out. */
export function toAscii(text: string): string {
  return text.replace(
    /\P{ASCII}/gu,
    (character) => asciiFor[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
