import { TuneError } from '../base/errors.ts';
import { isVariableName, reservedVariables } from '../model/lambda/variables.ts';
import { currentVariant, logLevels } from '../model/variant.ts';

/** One thing to change, as it is asked for. */
export type AskedChange =
  | { readonly kind: 'runtime'; readonly runtime: string }
  | { readonly kind: 'snapStart'; readonly snapStart: 'on' | 'off' }
  /** By the name or the ARN of the layer. */
  | { readonly kind: 'layer'; readonly layer: string; readonly is: 'with' | 'without' }
  | { readonly kind: 'layers'; readonly layers: readonly string[] }
  | { readonly kind: 'environment'; readonly name: string; readonly value: string }
  | { readonly kind: 'code'; readonly path: string }
  | { readonly kind: 'logLevel'; readonly logLevel: (typeof logLevels)[number] };

/** Changes that are made together, under a name of their own. */
export interface NamedChanges {
  readonly name: string;
  readonly changes: readonly AskedChange[];
}

/** One dimension: what the function has today, and each of these instead; none where only today's was listed. */
export type VariedDimension = readonly (AskedChange | NamedChanges)[];

/** What names the value of today in a list of values. A variable that shall hold this word is written in a file of variants. */
export function isTodays(value: string): boolean {
  return value.trim() === currentVariant;
}

/**
 * `runtime=nodejs22.x,nodejs24.x`, `snapstart=on,off`, `layer:<name or arn>=with,without`, `layers=<arns>|<arns>`,
 * `env:NAME=a,b`, `code=./a,./b`, `log-level=INFO,WARN`.
 * @throws TuneError USAGE, without the values of variables
 */
export function parseVariation(text: string): VariedDimension {
  const at = text.indexOf('=');
  const subject = text.slice(0, at === -1 ? text.length : at);
  const written = at === -1 ? '' : text.slice(at + 1);
  if (written === '') throw refused(`--vary ${subject} names no values.`);
  const values = written
    .split(',')
    .map((value) => value.trim())
    .filter((value) => !isTodays(value));
  if (values.includes('') && !subject.startsWith('env:')) throw refused(`--vary ${subject} holds an empty value.`);
  const [kind, name] = splitOnce(subject, ':');
  switch (kind) {
    case 'runtime':
      return values.map((runtime) => ({ kind, runtime }));
    case 'snapstart':
      return values.map((value) => ({ kind: 'snapStart', snapStart: oneOf(value, ['on', 'off'], subject) }));
    case 'log-level':
      return values.map((value) => ({
        kind: 'logLevel',
        logLevel: oneOf(value.toUpperCase(), logLevels, subject),
      }));
    case 'layer':
      if (name === undefined || name === '') throw refused('--vary layer names no layer.');
      return values.map((value) => ({ kind, layer: name, is: oneOf(value, ['with', 'without'], subject) }));
    case 'layers':
      return lists(written).map((arns) => ({
        kind,
        layers: arns.split(',').flatMap((arn) => (arn.trim() === '' ? [] : [arn.trim()])),
      }));
    case 'env':
      if (name === undefined || name === '') throw refused('--vary env names no variable.');
      checkVariable(name, '--vary env');
      // A space may be part of it.
      return written.split(',').flatMap((value) => (isTodays(value) ? [] : [{ kind: 'environment', name, value }]));
    case 'code':
      return values.map((path) => ({ kind, path }));
    default:
      throw refused(`--vary ${kind.slice(0, 40)} is not something that can be varied.`);
  }
}

function lists(written: string): readonly string[] {
  return written.split('|').filter((arns) => !isTodays(arns));
}

/** What Lambda would refuse at every copy is refused before anything is read. @throws TuneError USAGE */
export function checkVariable(name: string, where: string): void {
  if (!isVariableName(name)) {
    throw refused(
      `${where} names a variable that Lambda does not take: two or more letters, digits and _, a letter first.`,
    );
  }
  if (reservedVariables.has(name)) throw refused(`${where}: ${name} is set by Lambda itself and cannot be changed.`);
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function oneOf<Word extends string>(value: string, words: readonly Word[], subject: string): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw refused(`--vary ${subject} takes ${words.join(', ')}.`);
  return word;
}

function refused(message: string): TuneError {
  return new TuneError('USAGE', message, {
    hint: 'Examples: --vary runtime=nodejs22.x,nodejs24.x --vary snapstart=on,off --vary layer:<name or arn>=with,without --vary "layers=<arns>|<arns>" --vary env:NAME=a,b --vary code=./a,./b --vary log-level=INFO,WARN',
  });
}
