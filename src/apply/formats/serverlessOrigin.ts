import { type Pair, pairOf, type Tree, type TreeDocument } from '../../templates/tree/tree.ts';
import { lineAt, oneLine } from '../definition/places.ts';
import { fixed, type ReadExpression } from '../tree/settingIn.ts';

/** Variables of the Serverless Framework: `${self:custom.memory}`, `${param:memory}`, `${opt:stage}`, `${file(…)}`, … */

export const readVariable: ReadExpression = (value, place) => {
  const written = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (!written.includes('${')) return undefined;
  return fixed(place, 'it is a variable of the framework', originOf(written, place.owner.document));
};

export function originOf(written: string, document: TreeDocument): string | undefined {
  const [, source = '', name = ''] = /\$\{([\w-]+)(?:\([^)]*\))?:?([^},]*)/.exec(written) ?? [];
  switch (source) {
    case '':
      return undefined;
    case 'self':
      return ofPath(name, document);
    case 'param':
      return ofParameter(name.trim(), document);
    case 'opt':
      return `--${name.trim()}, given when it is deployed`;
    case 'env':
      return `the environment variable ${name.trim()}, when it is deployed`;
    case 'file':
      return /file\(([^)]*)\)/.exec(written)?.[1]?.trim() ?? oneLine(written);
    default:
      return `${source}${name === '' ? '' : `:${name.trim()}`}, read when it is deployed`;
  }
}

/** As far as it is written out; a part of the path may be a variable itself. */
function ofPath(written: string, document: TreeDocument): string {
  const own = /^[\w.-]*/.exec(written)?.[0].replace(/\.$/, '') ?? '';
  let at: Tree | undefined = document.root;
  let pair: Pair | undefined;
  for (const key of own.split('.')) {
    pair = pairOf(at, key) ?? pair;
    at = pairOf(at, key)?.value;
  }
  return pair === undefined ? own : `${own}, line ${lineAt(document.text, pair.keyStart)}`;
}

/** Of each stage that has it, in `stages` of version 4 or `params` of version 3. */
function ofParameter(name: string, { root, text }: TreeDocument): string {
  const stages = [
    ...pairsOf(root, 'stages').map(({ key, value }) => ({ stage: key, given: pairOf(value, 'params')?.value })),
    ...pairsOf(root, 'params').map(({ key, value }) => ({ stage: key, given: value })),
  ];
  const places = stages.flatMap(({ stage, given }) => {
    const pair = pairOf(given, name);
    return pair === undefined ? [] : [`line ${lineAt(text, pair.keyStart)} (${stage})`];
  });
  return `the parameter ${name}, ${places.length === 0 ? 'given when it is deployed' : places.join(', ')}`;
}

function pairsOf(tree: Tree, key: string): readonly Pair[] {
  const value = pairOf(tree, key)?.value;
  return value?.kind === 'map' ? value.pairs : [];
}
