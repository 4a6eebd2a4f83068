import { parseJsonPattern } from './jsonPattern.ts';

/**
 * The unstructured filter patterns of CloudWatch Logs: `word`, `"a phrase"` (all must occur), `?word` (any of them),
 * `-word` (must not occur). Case-sensitive. Those in braces are for JSON. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export type FilterPattern = (message: string) => boolean;

/** Undefined for a pattern that is not understood (space-delimited ones and regular expressions are not imitated). */
export function parseFilterPattern(pattern: string): FilterPattern | undefined {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (/^[[%]/.test(text)) return undefined;
  const terms: { readonly kind: string; readonly words: string }[] = [];
  const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/gy;
  while (term.lastIndex < text.length) {
    const match = term.exec(text);
    if (match === null) return undefined;
    terms.push({ kind: match[1] ?? '', words: match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '' });
  }
  const of = (kind: string) => terms.filter((each) => each.kind === kind).map(({ words }) => words);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (message) =>
    all.every((words) => message.includes(words)) &&
    (any.length === 0 || any.some((words) => message.includes(words))) &&
    none.every((words) => !message.includes(words));
}
