import type { TuningResult } from '../../model/run.ts';
import { markdownCode } from '../../text/escape.ts';
import { numberOf } from '../../text/numberOf.ts';
import { leftBehindKind } from './verdictText.ts';

/** Comments of pull requests: what has to be said first gets the room there is, and what got none is counted aloud. */

/** GitHub refuses comments of more than 65,536 characters. */
const mostCharacters = 65_000;
/** Room for the line that says how many are missing. */
const noteCharacters = 100;

export interface CommentItem {
  readonly text: string;
  /** Who gets room first: the lowest. */
  readonly rank: number;
}

/** Things of one kind in the order they are shown: a list, the rows of a table, paragraphs. */
export interface CommentPart {
  /** What stands above them: the head of a table. */
  readonly lead?: string;
  readonly items: readonly CommentItem[];
  readonly between: '\n' | '\n\n';
  /** What one of them is called: "row". */
  readonly noun: string;
  /** More of them nobody reads, room or not. */
  readonly most?: number;
}

/** The first line is a hidden marker, by which the next comment finds and replaces this one. */
export function commentOf(marker: string, parts: readonly CommentPart[]): string {
  const kept = parts.map(() => new Set<CommentItem>());
  const leads = parts.reduce((sum, { lead = '' }) => sum + lead.length + noteCharacters, 0);
  let room = mostCharacters - marker.length - leads;
  const inTurn = parts
    .flatMap(({ items, most = Number.POSITIVE_INFINITY }, part) => items.map((item) => ({ item, part, most })))
    .toSorted((one, other) => one.item.rank - other.item.rank);
  for (const { item, part, most } of inTurn) {
    const own = kept[part];
    const takes = item.text.length + 2;
    if (own === undefined || own.size >= most || takes > room) continue;
    own.add(item);
    room -= takes;
  }
  const blocks = parts.flatMap(({ lead, items, between, noun }, part) => {
    if (items.length === 0) return [];
    const shown = items.filter((item) => kept[part]?.has(item)).map(({ text }) => text);
    const missing = items.length - shown.length;
    const body = shown.join(between);
    const text = lead === undefined ? body : `${lead}\n${body}`;
    const note =
      missing === 0
        ? []
        : [`${numberOf(missing, `more ${noun} is`, `more ${noun}s are`)} left out; the JSON report has all.`];
    return [...(shown.length === 0 ? [] : [text]), ...note];
  });
  return `${[marker, ...blocks].join('\n\n')}\n`;
}

/** The same for every report on one thing; a name cannot end the comment early. `name` without control characters. */
export function hiddenMarker(kind: string, name: string): string {
  return `<!-- ${kind}: ${encodeURIComponent(name).replaceAll('--', '%2D%2D')} -->`;
}

/** Lines of code in a fence that none of them can close. */
export function fenced(lines: readonly string[], language = ''): string {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)].map((run) => run[0].length + 1));
  const fence = '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run), 3));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

export function leftBehindItems(leftBehind: TuningResult['leftBehind'], rank: number): readonly CommentItem[] {
  return leftBehind.map((left) => ({
    rank,
    text:
      `- **Left behind:** ${leftBehindKind[left.kind]} ${markdownCode(left.name, 300)} in ${markdownCode(left.region, 60)}: ` +
      `${markdownCode(left.reason)}. Remove it with ${markdownCode(left.command, 1000)}`,
  }));
}
