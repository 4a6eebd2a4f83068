import { lineAt } from '../definition/places.ts';

/** Of a plain name, where it is made. */
export function declarationOf(text: string, name: string): string | undefined {
  const [last = ''] = /[A-Za-z_]\w*$/.exec(name) ?? [];
  if (last === '') return undefined;
  const found = text.search(
    new RegExp(`(?:\\b(?:const|let|var)\\s+${last}\\b|^\\s*(?:readonly\\s+)?${last}\\s*[?]?\\s*[:=])`, 'm'),
  );
  if (found < 0) return undefined;
  return `${last}, line ${lineAt(text, found + (/\S/.exec(text.slice(found))?.index ?? 0))}`;
}
