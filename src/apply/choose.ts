import type { Definition } from './definition/definition.ts';
import type { SoughtFunction } from './wish.ts';

/** A definition with the file that it stands in. */
export interface CandidateDefinition {
  readonly file: string;
  readonly line: number;
  readonly definition: Definition;
}

export type ChosenDefinition =
  | { readonly kind: 'one'; readonly candidate: CandidateDefinition }
  | { readonly kind: 'several'; readonly candidates: readonly CandidateDefinition[] }
  | { readonly kind: 'none'; readonly candidates: readonly CandidateDefinition[] };

export interface Choosing {
  readonly subject: SoughtFunction;
  /** As it was given with `--select`. */
  readonly select?: string | undefined;
  /** A file was named: what stands alone in it needs no further sign. */
  readonly isFileGiven: boolean;
}

/** The definition that the signs speak for; of equal ones, none. */
export function choose(
  candidates: readonly CandidateDefinition[],
  { subject, select, isFileGiven }: Choosing,
): ChosenDefinition {
  if (select !== undefined) {
    const selected = candidates.filter((candidate) => isSelected(candidate, select));
    const [only, ...more] = selected;
    if (only === undefined) return { kind: 'none', candidates };
    return more.length === 0 ? { kind: 'one', candidate: only } : { kind: 'several', candidates: selected };
  }
  const weighed = candidates.flatMap((candidate) => {
    const weight = weightOf(candidate, subject);
    return weight === undefined ? [] : [{ candidate, weight }];
  });
  const [alone, ...others] = weighed;
  if (isFileGiven && alone !== undefined && others.length === 0) return { kind: 'one', candidate: alone.candidate };
  const most = Math.max(0, ...weighed.map(({ weight }) => weight));
  if (most === 0) return { kind: 'none', candidates };
  const best = weighed.filter(({ weight }) => weight === most).map(({ candidate }) => candidate);
  const [only] = best;
  return only !== undefined && best.length === 1 && most >= enough
    ? { kind: 'one', candidate: only }
    : { kind: 'several', candidates: best };
}

/** `index.handler` is the handler of half the world: alone it proposes a definition, and chooses none. */
const enough = 2;

function isSelected({ file, line, definition }: CandidateDefinition, select: string): boolean {
  return (
    [definition.select, `${file}:${definition.select}`, `${file}:${line}`, file].includes(select) ||
    select.split('/').includes(definition.select)
  );
}

/** How much speaks for it. Undefined: something speaks against it. */
function weightOf({ file, definition }: CandidateDefinition, subject: SoughtFunction): number | undefined {
  const { template } = subject;
  if (template !== undefined && isPlace(file, template.files)) {
    return definition.select === template.function ? 16 : undefined;
  }
  const logicalId = byLogicalId(definition, subject);
  // A name that is only a pattern here may be made by something else; the tag is CloudFormation's own.
  const isTagged = logicalId === 8 && (definition.functionName === undefined || template !== undefined);
  const name = byName(definition, subject) ?? (isTagged ? 0 : undefined);
  if (logicalId === undefined || name === undefined) return undefined;
  const isOfStack = subject.stackName !== undefined && definition.stackName?.test(subject.stackName) === true;
  return logicalId + name + byHandler(definition, subject) + byCode(file, definition, subject) + (isOfStack ? 2 : 0);
}

/** Named from the root of the repository, or from a folder of it that is not known any more. */
function isPlace(file: string, named: readonly string[]): boolean {
  return named.map(plainPath).some((one) => one !== '' && (file === one || file.endsWith(`/${one}`)));
}

function byHandler({ handler }: Definition, subject: SoughtFunction): number {
  if (handler === undefined || handler !== subject.handler) return 0;
  return /[/:]|\..+\./.test(handler) ? 2 : 1;
}

function byCode(file: string, { codePath, handler }: Definition, { paths = [], ...subject }: SoughtFunction): number {
  const code = paths.map(plainPath);
  const modules = code.map((path) => plainPath(`${path}/${subject.handler ?? ''}`));
  const isAt = (folder: string, written: string, among: readonly string[]) =>
    among.includes(plainPath(`${folder}/${written}`));
  const [own = '', ...above] = foldersOf(file);
  if (codePath !== undefined && isAt(own, codePath, code)) return 4;
  // The same file of code, whatever part of its path stands in the handler.
  const isSameModule = subject.handler !== undefined && isAt(own, `${codePath ?? ''}/${handler ?? ''}`, modules);
  if (handler !== undefined && isSameModule) return 4;
  // Programs name code from where they are started.
  return codePath !== undefined && above.some((folder) => isAt(folder, codePath, code)) ? 3 : 0;
}

/** Its own first, the root last. */
function foldersOf(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return [...parts.keys(), parts.length].map((length) => parts.slice(0, length).join('/')).reverse();
}

function byLogicalId({ logicalId }: Definition, subject: SoughtFunction): number | undefined {
  if (logicalId === undefined) return 0;
  if (subject.logicalId !== undefined) {
    const isWhole = new RegExp(`^${logicalId.text}$`).test(subject.logicalId);
    if (logicalId.isExact) return isWhole ? 8 : undefined;
    // The CDK: the ids on the way to the construct, without Resource, and a hash; one id alone has none.
    const path = subject.constructPath?.split('/').filter((part) => part !== 'Resource');
    const last = path?.at(-1)?.replace(/[^A-Za-z0-9]/g, '');
    if (last !== undefined) return new RegExp(`^${logicalId.text}$`).test(last) ? 8 : undefined;
    if (isWhole) return 8;
    return new RegExp(`${logicalId.text}(?:Function)?[0-9A-F]{8}$`).test(subject.logicalId) ? 6 : undefined;
  }
  // `<stack>-<logical id>-<random>`: the name that CloudFormation gives.
  const made = new RegExp(`-${logicalId.text}${logicalId.isExact ? '' : '[0-9A-F]{8}'}-\\w+$`);
  return made.test(subject.functionName) ? 4 : 0;
}

function byName({ functionName, namePattern }: Definition, subject: SoughtFunction): number | undefined {
  if (functionName !== undefined) return functionName === subject.functionName ? 8 : undefined;
  if (namePattern === undefined) return 0;
  return namePattern.test(subject.functionName) ? 4 : undefined;
}

function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
