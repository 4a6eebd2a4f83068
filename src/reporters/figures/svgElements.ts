import { escapeHtml } from '../../text/escape.ts';

type Attribute = string | number | undefined;

/** One SVG or HTML element as text. Attribute values are escaped, children are markup already: put text through `escaped`. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : ` ${key}="${attributeText(value)}"`))
    .join('');
  return `<${name}${written}>${children.join('')}</${name}>`;
}

/** Text for people: inert, one line. */
export function escaped(text: string): string {
  return escapeHtml(text, mostText);
}

const mostText = 2000;

function attributeText(value: string | number): string {
  return typeof value === 'number' ? pixels(value) : escaped(value);
}

/** A tenth of a pixel is more than a screen shows. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** d3 writes three decimals. */
export function shortened(d: string | null): string {
  return (d ?? '').replace(/-?\d+\.\d+/g, (digits) => pixels(Number(digits)));
}
