import { shareOption } from '../text/format.ts';
import type { CommandName } from './rows/commands.ts';
import { type Group, groups } from './rows/groups.ts';
import type { Kind, Row } from './rows/row.ts';
import { sheets } from './table.ts';

/** An option as one command shows it. */
export interface ShownOption {
  readonly key: string;
  readonly row: Row;
  /** `--max-spend-usd` */
  readonly long: string;
  /** `-m, --memory <sizes>` */
  readonly flags: string;
  readonly help: string;
  /** None where there are so few options that they need none. */
  readonly heading?: string | undefined;
  readonly isRepeatable: boolean;
  /** Words to complete with. */
  readonly offers: readonly string[];
}

/** With more options than these a command shows them under headings. */
const mostWithoutHeadings = 15;

/** @param isWanted of all of its options; their headings are those of all */
export function optionsOn(command: CommandName, isWanted: (row: Row) => boolean = () => true): readonly ShownOption[] {
  const own = rowsOn(command);
  const hasHeadings = own.length > mostWithoutHeadings;
  const order = Object.keys(groups);
  // Where a group has guests from elsewhere, its own come first.
  const place = ({ group, isGuest }: PlacedRow) => order.indexOf(group) + (isGuest ? 0.5 : 0);
  return own
    .filter(({ row }) => isWanted(row))
    .toSorted((one, other) => (hasHeadings ? place(one) - place(other) : 0))
    .map(({ key, row, group }) => shown(key, row, command, hasHeadings ? group : undefined));
}

export interface PlacedRow {
  readonly key: string;
  readonly row: Row;
  readonly group: Group;
  /** It stands under another heading here than elsewhere. */
  readonly isGuest: boolean;
}

export function rowsOn(command: CommandName): readonly PlacedRow[] {
  return sheets.flatMap(({ group, rows }) =>
    Object.entries(rows).flatMap(([key, row]) => {
      const here = row.on[command];
      return here === undefined ? [] : [{ key, row, group: here.under ?? group, isGuest: here.under !== undefined }];
    }),
  );
}

function shown(key: string, row: Row, command: CommandName, group: Group | undefined): ShownOption {
  const here = row.on[command] ?? {};
  const long = flagOf(key, row);
  const value = here.value ?? row.value;
  const help = helpOn(row, command);
  const heading: { readonly [Name in CommandName]?: string } & { readonly heading?: string } =
    group === undefined ? {} : groups[group];
  const title = heading[command] ?? heading.heading;
  return {
    key,
    row,
    long,
    flags: `${row.short === undefined ? '' : `-${row.short}, `}${long}${value === undefined ? '' : row.isValueOptional ? ` [${value}]` : ` <${value}>`}`,
    help,
    heading: title && `${title}:`,
    isRepeatable: repeatable.includes(row.takes.kind),
    offers: here.offers ?? row.offers ?? ('words' in row.takes ? row.takes.words : []),
  };
}

const repeatable: readonly Kind[] = ['strings', 'keyValues', 'regions'];

/** `--max-p95-ms` of maxP95Ms; a switch that is on without a word is turned off by its flag. */
export function flagOf(key: string, row?: Pick<Row, 'default'>): string {
  return `--${row?.default === true ? 'no-' : ''}${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Its words on a command, with its default and whether it may be repeated. */
export function helpOn(row: Row, command: CommandName): string {
  return noted(row.on[command]?.help ?? row.help, row, command);
}

function noted(help: string, row: Row, command: CommandName): string {
  const byDefault = defaultText(row, command);
  const notes = [
    ...(repeatable.includes(row.takes.kind) ? ['repeatable'] : []),
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
  ];
  return notes.length === 0 ? help : `${help} (${notes.join('; ')})`;
}

function defaultText(row: Row, command: CommandName): string | undefined {
  const here = row.on[command];
  const words = here?.otherwise ?? (here?.default === undefined ? row.otherwise : undefined);
  if (words !== undefined) return words;
  const value = defaultOf(row, command);
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return undefined;
  return row.takes.kind === 'share' ? shareOption(value) : String(value);
}

/** The value that stands when nothing is given; undefined where there is none, or where it depends. */
export function defaultOf(row: Row, command: CommandName): Row['default'] {
  return row.on[command]?.default ?? row.default ?? (row.takes.kind === 'switch' ? false : undefined);
}
