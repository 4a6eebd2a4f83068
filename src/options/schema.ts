import { z } from 'zod';
import type { CommandName } from './rows/commands.ts';
import type { Row, Takes } from './rows/row.ts';
import { shapes } from './rows/shapes.ts';
import { helpOn, rowsOn } from './shown.ts';
import { type FleetKey, type GivenRun, type RunKey, runRows, type ToolOptions } from './table.ts';

/** The schemas that validate what is given, made from the rows. */

function schemaOf(takes: Takes): z.ZodType {
  const shape = shapes[takes.kind] as (details: Takes) => z.ZodType;
  return shape(takes);
}

function keySchema(row: Row): z.ZodType {
  const [first = 'tune'] = Object.keys(row.on) as CommandName[];
  const words = row.inFile ?? helpOn(row, first);
  return schemaOf(row.takes)
    .optional()
    .describe(words.charAt(0).toUpperCase() + words.slice(1));
}

type Keys = Readonly<Record<string, z.ZodType>>;

const rows: Readonly<Record<RunKey, Row>> = runRows;
const runKeys: Keys = Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, keySchema(row)]));

/** One function of a fleet: what may differ from one to the next. */
type FleetEntry = Pick<GivenRun, FleetKey> & { readonly function: string };

const fleetEntry = z.strictObject({
  ...Object.fromEntries(Object.entries(runKeys).filter(([key]) => rows[key as RunKey].inFleet)),
  function: z.string().min(1).describe(rows.function.help),
});

export type GivenOptions = GivenRun & {
  readonly $schema?: string | undefined;
  readonly functions?: readonly FleetEntry[] | undefined;
};

const keys: Keys = {
  $schema: z.string().optional(),
  ...runKeys,
  functions: z
    .array(fleetEntry)
    .min(1)
    .optional()
    .describe(
      'For `tune check`, `tune baseline` and `tune fleet run`: all of them, each with its own limits or payload',
    ),
};

export const configKeys: readonly string[] = Object.keys(keys);

/** The shape is made of rows, whose types are those of their kinds. */
export const configSchema = z.strictObject(keys) as unknown as z.ZodType<GivenOptions>;

/** Of a command that reads no config file. */
export function toolSchema<C extends CommandName>(command: C): z.ZodType<Partial<ToolOptions<C>>> {
  const own = Object.fromEntries(rowsOn(command).map(({ key, row }) => [key, keySchema(row)]));
  return z.strictObject(own) as unknown as z.ZodType<Partial<ToolOptions<C>>>;
}
