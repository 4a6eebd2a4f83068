import { around } from './rows/around.ts';
import { builds } from './rows/builds.ts';
import type { CommandName } from './rows/commands.ts';
import { fleet, fleetReach } from './rows/fleet.ts';
import type { Group } from './rows/groups.ts';
import { limits } from './rows/limits.ts';
import { money } from './rows/money.ts';
import { output, typed } from './rows/output.ts';
import { choosing, payloads } from './rows/payloads.ts';
import { place } from './rows/place.ts';
import type { Read, Row, Sheet, Written } from './rows/row.ts';
import { search } from './rows/search.ts';
import { subject } from './rows/subject.ts';
import { localRegion, regionsToClean, tools } from './rows/tools.ts';
import { traffic } from './rows/traffic.ts';
import { variation } from './rows/variation.ts';
import { verdict } from './rows/verdict.ts';

/**
 * The one table of options. A row has an option's key, flag, what it takes, default, help and the commands it is on; flags and
 * help, the config file with its schema, docs/options.md, completion, and the types and refusals of the package come from it.
 */

/** Keys of the config file: the options of a run. */
export const runRows = {
  ...subject,
  ...variation,
  ...payloads,
  ...around,
  ...choosing,
  ...traffic,
  ...search,
  ...limits,
  ...verdict,
  ...money,
  ...place,
  ...builds,
  ...output,
} as const;

/** In the order of help. A key stands twice only where it means something else on one command. */
export const sheets: readonly { readonly group: Group; readonly rows: Sheet }[] = [
  { group: 'subject', rows: subject },
  { group: 'subject', rows: fleet },
  { group: 'subject', rows: tools },
  { group: 'variation', rows: variation },
  { group: 'payloads', rows: payloads },
  { group: 'around', rows: around },
  { group: 'choosing', rows: choosing },
  { group: 'traffic', rows: traffic },
  { group: 'search', rows: search },
  { group: 'limits', rows: limits },
  { group: 'verdict', rows: verdict },
  { group: 'money', rows: money },
  { group: 'place', rows: regionsToClean },
  { group: 'place', rows: fleetReach },
  { group: 'place', rows: localRegion },
  { group: 'place', rows: place },
  { group: 'builds', rows: builds },
  { group: 'output', rows: output },
  { group: 'output', rows: typed },
];

type RunRows = typeof runRows;
export type RunKey = keyof RunRows;

type On<S extends Sheet, C extends CommandName> = {
  readonly [K in keyof S as C extends keyof S[K]['on'] ? K : never]: S[K];
};

/** Keys of options that one of the commands has. */
export type KeysOn<C extends CommandName> = {
  [K in RunKey]: Extract<keyof RunRows[K]['on'], C> extends never ? never : K;
}[RunKey];

/** Keys that say how a program prints, asks or ends. */
export type ShellKey = { [K in RunKey]: RunRows[K] extends { readonly forShell: true } ? K : never }[RunKey];

/** Of a command that reads no config file, as they may be written in code: without those that say how a program prints. */
export type WrittenTool<C extends CommandName> = {
  readonly [K in Exclude<KeysOn<C>, ShellKey>]?: Written<RunRows[K]['takes']> | undefined;
} & {
  readonly [K in keyof typeof tools as C extends keyof (typeof tools)[K]['on'] ? K : never]?:
    | Written<(typeof tools)[K]['takes']>
    | undefined;
};

/** As they may be written in a file or in code. */
export type WrittenOptions = { readonly [K in RunKey]?: Written<RunRows[K]['takes']> | undefined };

type IsFleet<K extends RunKey> = RunRows[K] extends { readonly inFleet: true } ? K : never;
export type FleetKey = { [K in RunKey]: IsFleet<K> }[RunKey];

/** What was given, validated: flags over the file, no defaults. */
export type GivenRun = { readonly [K in RunKey]?: Read<RunRows[K]['takes']> | undefined };

type HasDefault<R extends Row, C extends CommandName> = R extends { readonly default: unknown }
  ? true
  : R['takes'] extends { readonly kind: 'switch' }
    ? true
    : [C] extends [never]
      ? false
      : R['on'] extends { readonly [Name in C]: { readonly default: unknown } }
        ? true
        : false;

/** With its defaults: what has one is always there. */
type Resolved<S extends Sheet, C extends CommandName> = {
  readonly [K in keyof S as HasDefault<S[K], C> extends true ? K : never]: Read<S[K]['takes']>;
} & { readonly [K in keyof S as HasDefault<S[K], C> extends true ? never : K]?: Read<S[K]['takes']> | undefined };

/** Of a command that measures; of `never`: of any of them, with the defaults that all share. */
export type OptionsOf<C extends CommandName> = Resolved<RunRows, C>;

/** Of a command that reads no config file: its own options alone. */
export type ToolOptions<C extends CommandName> = Resolved<
  On<RunRows, C> &
    On<typeof tools, C> &
    On<typeof fleet, C> &
    On<typeof fleetReach, C> &
    On<typeof regionsToClean, C> &
    On<typeof localRegion, C>,
  C
>;
