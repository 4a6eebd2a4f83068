import { type MapTree, type Pair, type Tree, type TreeDocument, writtenOf } from '../../templates/tree/tree.ts';
import type { BuildPlace } from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { type Owner, sharedAnchorOf } from '../tree/settingIn.ts';

/** What a function of a template is read by, whatever tool the template is of. */

type Written = string | number | boolean;

export function asText(written: Written): string {
  return String(written);
}

export function asWholeNumber(written: Written): string | undefined {
  return /^\d+$/.test(String(written)) ? String(written) : undefined;
}

export function asArchitecture(written: Written): string | undefined {
  return written === 'arm64' || written === 'x86_64' ? written : undefined;
}

/** `around`: what it stands in; under an anchor of one of them, an edit here would be one elsewhere. */
export function ownerOf(
  document: TreeDocument,
  { map, path, at }: { readonly map: MapTree; readonly path: readonly (string | number)[]; readonly at: number },
  around: readonly (Tree | undefined)[] = [],
): Owner {
  const anchors = [...around, map].map((tree) => tree && sharedAnchorOf(tree, document));
  return { document, map, path, at, sharedAnchor: anchors.find((anchor) => anchor !== undefined) };
}

export function buildPlaces(
  document: TreeDocument,
  kind: BuildPlace['kind'],
  pair: Pair | undefined,
): readonly BuildPlace[] {
  if (pair === undefined) return [];
  return [{ at: pair.keyStart, kind, text: oneLine(`${pair.key}: ${writtenOf(document, pair)}`) }];
}
