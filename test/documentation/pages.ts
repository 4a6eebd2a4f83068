import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What people read: README.md and every page of docs/, and the commands that stand there. */

const root = fileURLToPath(new URL('../..', import.meta.url));

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

export interface Block {
  /** `docs/aws.md:12`. */
  readonly place: string;
  readonly text: string;
}

const fenced = /^```(\w*)\n([\s\S]*?)^```/gm;

export function blocksOf(page: string, ...languages: readonly string[]): readonly Block[] {
  const text = textOf(page);
  return [...text.matchAll(fenced)]
    .filter(([, language = '']) => languages.includes(language))
    .map((found) => ({ place: `${page}:${lineOf(text, found.index)}`, text: found[2] ?? '' }));
}

/** What stands between single backticks, outside of blocks. */
export function inlineCodeOf(page: string): readonly Block[] {
  const text = textOf(page).replaceAll(fenced, (block) => block.replaceAll(/[^\n]/g, ' '));
  return [...text.matchAll(/`([^`\n]+)`/g)].map((found) => ({
    place: `${page}:${lineOf(text, found.index)}`,
    text: (found[1] ?? '').replaceAll('\\|', '|'),
  }));
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export interface Command {
  readonly place: string;
  /** What follows `tune`. */
  readonly args: readonly string[];
}

/** Every call of `tune` in a page: in blocks of shell and YAML, and in running text. */
export function commandsOf(page: string): readonly Command[] {
  const lines = blocksOf(page, 'sh', 'yaml').flatMap(({ place, text }) =>
    text.split('\n').flatMap((line) => callsIn(line).map((args) => ({ place, args }))),
  );
  const inText = inlineCodeOf(page).flatMap(({ place, text }) =>
    // `tune report` alone is the name of the command.
    /^tune\s|tune completion/.test(text) ? callsIn(text).map((args) => ({ place, args: named(args) })) : [],
  );
  return [...lines, ...inText];
}

function named(args: readonly string[]): readonly string[] {
  return args.length === 1 && !args[0]?.startsWith('-') ? [...args, '--help'] : args;
}

/** How `tune` is called there: by name, by its file, by npx with its package. The action's `args:` are the same without it. */
const call = /(?:^|[\s([])(?:tune|\S*bin\/tune(?:\.js)?)(?=\s|$)|\bargs: (?=\S)/;

export function callsIn(line: string): readonly (readonly string[])[] {
  // Without its comment, and with something for what is to be filled in: `<run>`, `$CI_JOB_ID`.
  const shown = line
    .replace(/(^|\s)#\s.*$/, '')
    .replaceAll('<shell>', 'bash')
    .replaceAll(/<([a-z.]+)>/g, '$1')
    .replaceAll(/\$[A-Z_]+/g, '1');
  return shown.split(/&&|\||;|<\(/).flatMap((part) => {
    const found = call.exec(part.replace('--package lambda-tune', ''));
    if (found === null) return [];
    const rest = part.replace('--package lambda-tune', '').slice(found.index + found[0].length);
    return [wordsOf(rest.replace(/\s>\s.*$/, '').replace(/[)\]}]+\s*$/, ''))];
  });
}

/** As a shell takes a simple line apart. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:"([^"]*)"|'([^']*)'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}
