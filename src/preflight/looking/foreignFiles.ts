import type { FindingKind } from '../../migrate/preflight/inspection.ts';

/** Code for a system that Lambda does not have, in a place where only code that is loaded lies. */
export interface ForeignFile {
  readonly path: string;
  readonly kind: Extract<FindingKind, 'bootstrap' | 'nodeAddon' | 'pythonExtension'>;
  readonly system: 'macOS' | 'Windows';
}

/** `head`: the first bytes. Undefined for all else, .NET's assemblies and libraries for several systems among it. */
export function foreignFileOf(path: string, head: Buffer): ForeignFile | undefined {
  const kind = kindOf(path);
  const system = kind && systemOf(head);
  return kind === undefined || system === undefined ? undefined : { path, kind, system };
}

function kindOf(path: string): ForeignFile['kind'] | undefined {
  const name = path.split('/').at(-1) ?? '';
  if (name === 'bootstrap') return 'bootstrap';
  if (name.endsWith('.node')) return 'nodeAddon';
  return name.endsWith('.pyd') || /\.(?:cpython-\w+|pypy\w*|abi3)[-\w]*\.so$/.test(name)
    ? 'pythonExtension'
    : undefined;
}

/** Mach-O of one machine or of several (`fat`), and PE. */
function systemOf(head: Buffer): ForeignFile['system'] | undefined {
  if (head.toString('latin1', 0, 2) === 'MZ') return 'Windows';
  const magic = head.length < 4 ? '' : head.toString('hex', 0, 4);
  return ['cffaedfe', 'cefaedfe', 'cafebabe', 'cafebabf'].includes(magic) ? 'macOS' : undefined;
}
