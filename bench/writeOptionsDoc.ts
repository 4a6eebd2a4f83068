import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command, Option } from 'commander';
import type { Io } from '../src/base/io.ts';
import { buildProgram } from '../src/cli/cli.ts';
import { namedCommands } from '../src/commands/shared/program/commandTree.ts';
import { configKeys } from '../src/options/schema.ts';

/** `npm run docs`: the tables of docs/options.md, made from the options that the program itself reads. */

const page = new URL('../docs/options.md', import.meta.url);
const [begin, end] = ['<!-- options: begin (npm run docs) -->', '<!-- options: end -->'] as const;

/** The page with its tables as they are to be; the prose around them stays. */
export function withOptions(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/options.md has no place for the tables.');
  return `${text.slice(0, from + begin.length)}\n\n${optionTables()}\n${text.slice(to)}`;
}

function optionTables(): string {
  // Nothing is run: the program is only asked for what it knows.
  const program = buildProgram({ stdout: { columns: 120 }, stderr: { columns: 120 } } as Io, () => undefined);
  return namedCommands(program).map(sectionOf).join('\n');
}

function sectionOf({ name: path, command }: { readonly name: string; readonly command: Command }): string {
  const name = path === 'tune' ? path : `tune ${path}`;
  const usage = command.registeredArguments
    .filter(({ required }) => required)
    .map((argument) => ` <${argument.name()}>`)
    .join('');
  const groups = new Map<string, Option[]>();
  for (const option of command.options) {
    groups.set(groupOf(option), [...(groups.get(groupOf(option)) ?? []), option]);
  }
  const tables = [...groups].flatMap(([group, options]) => [
    group === '' ? '' : `${group}\n`,
    '| option | in the config file | what it does |',
    '|---|---|---|',
    ...options.map((option) => rowOf(command, option)),
    '',
  ]);
  return [`## \`${name}${usage}\``, '', `${command.description().replaceAll('\n', ' ')}`, '', ...tables]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}

function groupOf(option: Option): string {
  return option.helpGroupHeading ?? '';
}

function rowOf(command: Command, option: Option): string {
  const key = option.attributeName();
  // `report`, `cleanup` and the others that measure nothing read no config file.
  const readsConfig = command.options.some(({ long }) => long === '--config');
  const inFile = readsConfig && configKeys.includes(key) ? `\`${key}\`` : '';
  return `| ${code(option.flags)} | ${inFile} | ${cell(option.description)} |`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** As text of a Markdown table; what stands between backticks stays code. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(page, withOptions(await readFile(page, 'utf8')));
}
