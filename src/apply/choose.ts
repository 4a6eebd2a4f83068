import type { Definition } from './definition/definition.ts';
import type { Subject } from './wish.ts';

/** A definition with the file that it stands in. */
export interface Candidate {
  readonly file: string;
  readonly definition: Definition;
}

export type Choice =
  | { readonly kind: 'one'; readonly candidate: Candidate }
  | { readonly kind: 'several'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'none'; readonly candidates: readonly Candidate[] };

export interface Choosing {
  readonly subject: Subject;
  /** As it was given with `--select`. */
  readonly select?: string | undefined;
  /** A file was named: what stands alone in it needs no further sign. */
  readonly isFileGiven: boolean;
}

/** The definition that the signs speak for; of equal ones, none. */
export function choose(candidates: readonly Candidate[], { subject, select, isFileGiven }: Choosing): Choice {
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
  return only !== undefined && best.length === 1
    ? { kind: 'one', candidate: only }
    : { kind: 'several', candidates: best };
}

function isSelected({ file, definition }: Candidate, select: string): boolean {
  return (
    [definition.select, `${file}:${definition.select}`, file].includes(select) ||
    select.split('/').includes(definition.select)
  );
}

/** How much speaks for it. Undefined: something speaks against it. */
function weightOf({ file, definition }: Candidate, subject: Subject): number | undefined {
  const logicalId = byLogicalId(definition, subject);
  // A name that is only a pattern here may be made by something else; the tag is CloudFormation's own.
  const isTagged = logicalId === 8 && definition.functionName === undefined;
  const name = byName(definition, subject) ?? (isTagged ? 0 : undefined);
  if (logicalId === undefined || name === undefined) return undefined;
  const weight = logicalId + name;
  const hasHandler = definition.handler !== undefined && definition.handler === subject.handler;
  const hasPath =
    definition.codePath !== undefined &&
    subject.path !== undefined &&
    pathOf(file, definition.codePath) === plainPath(subject.path);
  return weight + (hasHandler ? 1 : 0) + (hasPath ? 4 : 0);
}

function byLogicalId({ logicalId }: Definition, subject: Subject): number | undefined {
  if (logicalId === undefined) return 0;
  if (subject.logicalId !== undefined) {
    if (logicalId.isExact) return logicalId.text === subject.logicalId ? 8 : undefined;
    // The CDK: the ids on the way to the construct, without Resource, and a hash.
    const path = subject.constructPath?.split('/').filter((part) => part !== 'Resource');
    if (path?.at(-1)?.replace(/[^A-Za-z0-9]/g, '') === logicalId.text) return 8;
    return path === undefined && new RegExp(`${logicalId.text}(?:Function)?[0-9A-F]{8}$`).test(subject.logicalId)
      ? 6
      : undefined;
  }
  // `<stack>-<logical id>-<random>`: the name that CloudFormation gives.
  const made = new RegExp(`-${logicalId.text}${logicalId.isExact ? '' : '[0-9A-F]{8}'}-\\w+$`);
  return made.test(subject.functionName) ? 4 : 0;
}

function byName({ functionName, namePattern }: Definition, subject: Subject): number | undefined {
  if (functionName !== undefined) return functionName === subject.functionName ? 8 : undefined;
  if (namePattern === undefined) return 0;
  return namePattern.test(subject.functionName) ? 4 : undefined;
}

/** Relative to the repository, as the code of the definition lies. */
function pathOf(file: string, code: string): string {
  const folder = file.split('/').slice(0, -1);
  return plainPath([...folder, code].join('/'));
}

function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
