import type { PropertyChange } from './change.ts';
import type { Definition, Fixed, Property, Setting, Splice } from './definition/definition.ts';
import { lineAt } from './definition/places.ts';
import type { ReadSource } from './readFile.ts';
import { lineFor, placeToProvision } from './readFile.ts';

/** What becomes of the changes in one file: edits, what is there already, and what is not edited, with what to write instead. */
export interface Edits {
  readonly edits: readonly Edit[];
  readonly present: readonly PropertyChange[];
  readonly refusals: readonly Refusal[];
  /** Lines to write by hand that nothing else waits for: they change no configuration that was measured. */
  readonly besides: readonly Refusal[];
}

interface Edit {
  readonly property: Property;
  readonly before: string | undefined;
  readonly after: string;
  readonly line: number;
  readonly splice: Splice;
  readonly notes: readonly string[];
}

interface Refusal {
  readonly property: Property;
  readonly line: number;
  /** As the file writes it; empty where it writes nothing. */
  readonly expression: string;
  readonly because: string;
  readonly comesFrom?: string | undefined;
  /** The line to write there by hand. */
  readonly write: string;
}

export function editsFor(
  text: string,
  definition: Definition,
  changes: readonly PropertyChange[],
  { globals }: { readonly globals: boolean },
): Edits {
  const found = changes.map((change) =>
    change.property === 'provisionedConcurrency' && hasSnapStart(definition, changes)
      ? withSnapStart(text, definition, change)
      : editFor(text, definition, change, globals),
  );
  return {
    edits: found.flatMap((one) => (one.kind === 'edit' ? [one.edit] : [])),
    present: found.flatMap((one) => (one.kind === 'present' ? [one.change] : [])),
    refusals: found.flatMap((one) => (one.kind === 'refusal' ? [one.refusal] : [])),
    besides: found.flatMap((one) => (one.kind === 'beside' ? [one.refusal] : [])),
  };
}

function hasSnapStart({ settings: { snapStart } }: Definition, changes: readonly PropertyChange[]): boolean {
  const wanted = changes.find(({ property }) => property === 'snapStart')?.value;
  const inherited = snapStart.kind === 'absent' ? snapStart.inherited?.setting : undefined;
  const written = [snapStart, inherited].find((one) => one?.kind === 'literal');
  return (wanted ?? (written?.kind === 'literal' ? written.value : undefined)) === 'on';
}

/** Lambda takes one of both alone. */
function withSnapStart(text: string, definition: Definition, { property, value }: PropertyChange): Found {
  const { snapStart } = definition.settings;
  const because = 'SnapStart is on, and Lambda takes no provisioned concurrency with it';
  const write = `either SnapStart, or ${placeToProvision(definition)}${lineFor(definition, property, value)}`;
  return { kind: 'beside', refusal: { property, line: lineAt(text, snapStart.at), expression: '', because, write } };
}

type Found =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'present'; readonly change: PropertyChange }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'beside'; readonly refusal: Refusal };

function editFor(text: string, definition: Definition, change: PropertyChange, globals: boolean): Found {
  const { property, value } = change;
  const own = definition.settings[property];
  const refusal = (at: number, because: string, more: Partial<Refusal> = {}): Refusal => ({
    property,
    line: lineAt(text, at),
    expression: '',
    because,
    write: lineFor(definition, property, value),
    ...more,
  });
  const refuse = (...given: Parameters<typeof refusal>): Found => ({ kind: 'refusal', refusal: refusal(...given) });
  const edit = (
    setting: Exclude<Setting, { kind: 'fixed' }>,
    before: string | undefined,
    notes: readonly string[],
  ): Found => {
    const splice = setting.splice(value);
    if (splice === undefined) {
      if (setting.kind !== 'absent') {
        const expression = setting.because === undefined ? '' : (before ?? '');
        return refuse(setting.at, setting.because ?? 'it cannot be written as one literal', { expression });
      }
      const because = setting.because ?? 'it is not written there yet';
      if (property !== 'provisionedConcurrency') return refuse(setting.at, because);
      const write = `${placeToProvision(definition)}${lineFor(definition, property, value)}`;
      return { kind: 'beside', refusal: refusal(setting.at, because, { write }) };
    }
    const line = lineAt(text, splice.start);
    return {
      kind: 'edit',
      edit: { property, before, after: value, line, splice, notes: [...(change.notes ?? []), ...notes] },
    };
  };
  switch (own.kind) {
    case 'fixed':
      return refuse(own.at, own.because, asWritten(own, lineFor(definition, property, value), value));
    case 'literal': {
      if (own.value === value) return { kind: 'present', change };
      const rule = own.refuses?.(value);
      if (rule !== undefined) return refuse(own.at, rule, { expression: own.value });
      return edit(own, own.value, [...staleNote(change, own.value), ...(own.note === undefined ? [] : [own.note])]);
    }
    case 'absent': {
      const { inherited } = own;
      if (inherited === undefined) {
        if (own.otherwise === value) return { kind: 'present', change };
        return edit(own, undefined, staleNote(change, own.otherwise));
      }
      const { from, setting } = inherited;
      const known = setting.kind === 'literal' ? setting.value : undefined;
      if (known === value) return { kind: 'present', change };
      if (globals) {
        const ofAll = editFor(
          text,
          { ...definition, settings: { ...definition.settings, [property]: setting } },
          change,
          false,
        );
        if (ofAll.kind !== 'edit') return ofAll;
        const note = `It changes every function that has no ${words[property]} of its own (--globals).`;
        return { kind: 'edit', edit: { ...ofAll.edit, notes: [...ofAll.edit.notes, note] } };
      }
      if (setting.kind === 'fixed') {
        const line = lineFor(definition, property, value);
        const because = `all functions take it from ${from}, where ${setting.because}`;
        return refuse(setting.at, because, asWritten(setting, line, value));
      }
      if (setting.kind === 'literal' && setting.note !== undefined) {
        return refuse(
          setting.at,
          `all functions take it from a parameter by way of ${from}; --globals edits the parameter's default`,
          { expression: setting.value },
        );
      }
      const line = lineAt(text, setting.at);
      return edit(own, undefined, [
        ...staleNote(change, known),
        `${from} has ${known ?? 'a value'} for all functions (line ${line}): this one gets its own, since it alone was measured. --globals edits ${from} instead.`,
        ...(inherited.note === undefined ? [] : [inherited.note]),
      ]);
    }
  }
}

/** With what to write where the value comes from, and here. */
function asWritten({ expression, comesFrom, there }: Fixed, here: string, value: string): Partial<Refusal> {
  const write = there === undefined ? here : `${there(value)}; or here: ${here}`;
  return { expression, comesFrom, write };
}

const words = {
  memoryMb: 'memory size',
  architecture: 'architecture',
  runtime: 'runtime',
  snapStart: 'SnapStart',
  logLevel: 'log level',
  provisionedConcurrency: 'provisioned concurrency',
} as const satisfies Record<Property, string>;

/** The file says something else than what was measured: it changed since, or is not deployed. */
function staleNote({ measured }: PropertyChange, written: string | undefined): readonly string[] {
  if (measured === undefined || written === undefined || measured === written) return [];
  return [
    `The file has ${written}; the function had ${measured} when it was measured. One of them changed since, or the file is not deployed.`,
  ];
}

/** All of them in one text. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = splices
    .map((splice, index) => ({ splice, index }))
    .sort((one, other) => one.splice.start - other.splice.start || one.index - other.index);
  let result = '';
  let at = 0;
  for (const { splice } of inOrder) {
    if (splice.start < at) throw new Error('two edits of one place');
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/**
 * Reads the edited text again: exactly what was wanted differs. @returns why it must not be written, or undefined
 */
export async function faultOf(
  source: ReadSource,
  before: string,
  after: string,
  splices: readonly Splice[],
): Promise<string | undefined> {
  const [old, edited] = [await source.leavesOf(before), await source.leavesOf(after)];
  if ('reason' in old) return `The file cannot be checked: ${old.reason}.`;
  if ('reason' in edited) return `After the edit the file could not be read any more: ${edited.reason}.`;
  const wanted = new Map(splices.flatMap(({ expects }) => expects.map(({ path, leaf }) => [path, leaf] as const)));
  for (const path of new Set([...old.keys(), ...edited.keys(), ...wanted.keys()])) {
    const expected = wanted.has(path) ? wanted.get(path) : old.get(path);
    if (edited.get(path) !== expected) return `The edit would have changed something else as well: ${path}.`;
  }
  return undefined;
}
