import { mapOf, type Pair, pairOf, type Tree, type TreeDocument, textOf } from '../../templates/tree/tree.ts';
import type { Setting } from '../definition/definition.ts';
import { type Owner, type ReadExpression, type Spelling, settingIn } from '../tree/settingIn.ts';
import { asWholeNumber, ownerOf } from './treeFunction.ts';

/** Provisioned concurrency of a template that writes its aliases and versions itself: resources beside the function that name it. */

export const provisionedConcurrency = {
  keys: ['ProvisionedConcurrencyConfig', 'ProvisionedConcurrentExecutions'],
  read: asWholeNumber,
  write: Number,
  whole: (value) => ({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: Number(value) } }),
} as const satisfies Spelling;

export function provisionedBeside(document: TreeDocument, { key, keyStart }: Pair, read: ReadExpression): Setting {
  const beside = resourcesNaming(document, key);
  const [configured, ...others] = beside.filter(({ map }) => pairOf(map, provisionedConcurrency.keys[0]) !== undefined);
  if (configured !== undefined && others.length > 0) {
    const expression = [configured, ...others].map(({ path }) => path[1]).join(', ');
    return { kind: 'fixed', at: configured.at, expression, because: 'several aliases or versions are provisioned' };
  }
  const aliases = beside.filter(({ isAlias }) => isAlias);
  const owner = configured ?? (aliases.length === 1 ? aliases[0] : undefined);
  if (owner !== undefined) return settingIn(owner, provisionedConcurrency, read);
  const because =
    aliases.length === 0
      ? 'no alias of it is written here, and it takes one'
      : 'several aliases are those of the function';
  return { kind: 'absent', at: keyStart, because, splice: () => undefined };
}

type Beside = Owner & { readonly isAlias: boolean };

function resourcesNaming(document: TreeDocument, key: string): readonly Beside[] {
  const resources = mapOf(document.root, 'Resources');
  return (resources?.pairs ?? []).flatMap((pair): readonly Beside[] => {
    const type = textOf(pairOf(pair.value, 'Type')?.value);
    const map = mapOf(pair.value, 'Properties');
    const isOne = type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version';
    if (!isOne || map === undefined || !names(pairOf(map, 'FunctionName')?.value, key)) return [];
    const place = { map, path: ['Resources', pair.key, 'Properties'], at: pair.keyStart };
    const owner = ownerOf(document, place, [document.root, resources, pair.value]);
    return [{ ...owner, isAlias: type === 'AWS::Lambda::Alias' }];
  });
}

/** `!Ref Fn`, `!GetAtt Fn.Arn`, and their long forms. */
function names(value: Tree | undefined, key: string): boolean {
  if (value?.kind === 'scalar') {
    const written = String(value.value);
    return (value.tag === '!Ref' && written === key) || (value.tag === '!GetAtt' && written.split('.')[0] === key);
  }
  const attribute = pairOf(value, 'Fn::GetAtt')?.value;
  const first = attribute?.kind === 'list' ? textOf(attribute.items[0]) : textOf(attribute)?.split('.')[0];
  return first === key || textOf(pairOf(value, 'Ref')?.value) === key;
}
