import { isList, isMap, type TemplateTree, type TreeMap } from './document.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { isUnresolved, isValueList, type Unresolved, unresolved } from './value.ts';

/** `Fn::ForEach` of AWS::LanguageExtensions, written out before anything else is looked at. */

const loopKey = 'Fn::ForEach::';

/** As many entries as all loops of a template may come to: CloudFormation takes 500 resources. */
const mostEntries = 10_000;

export interface Unrolled {
  readonly tree: TreeMap;
  /** Loops over what is not known: nothing of them is in the tree. */
  readonly unknown: readonly { readonly loop: string; readonly over: Unresolved }[];
}

export function unrolled(tree: TreeMap, scope: Omit<Scope, 'tree'>): Unrolled {
  const unknown: { loop: string; over: Unresolved }[] = [];
  let entries = 0;
  const written = (part: TemplateTree): TemplateTree => {
    if (isList(part)) return part.map(written);
    if (!isMap(part)) return part;
    return Object.fromEntries(
      Object.entries(part).flatMap(([key, value]) =>
        key.startsWith(loopKey) ? turns(key, value) : [[key, written(value)]],
      ),
    );
  };
  const turns = (key: string, value: TemplateTree): [string, TemplateTree][] => {
    const [identifier, collection, body] = isList(value) ? value : [];
    const items = resolve(collection, { ...scope, tree });
    if (typeof identifier !== 'string' || !isMap(body) || !isValueList(items)) {
      unknown.push({ loop: key.slice(loopKey.length), over: isUnresolved(items) ? items : unresolved('no list') });
      return [];
    }
    return items.flatMap((item) => {
      entries += Object.keys(body).length;
      if (isUnresolved(item) || typeof item !== 'string' || entries > mostEntries) {
        unknown.push({ loop: key.slice(loopKey.length), over: isUnresolved(item) ? item : unresolved('too much') });
        return [];
      }
      return Object.entries(written(inTurn(body, identifier, item)));
    });
  };
  return { tree: written(tree) as TreeMap, unknown };
}

/** With the identifier's value in keys, texts and references; `&{…}` stands for its letters and digits alone. */
function inTurn(tree: TemplateTree, identifier: string, item: string): TemplateTree {
  const replaced = (text: string) =>
    text.replaceAll(`\${${identifier}}`, item).replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
  const inner = (part: TemplateTree): TemplateTree => {
    if (typeof part === 'string') return replaced(part);
    if (isList(part)) return part.map(inner);
    if (Object.keys(part).length === 1 && part.Ref === identifier) return item;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [replaced(key), inner(value)]));
  };
  return inner(tree);
}
