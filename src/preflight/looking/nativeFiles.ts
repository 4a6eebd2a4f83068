import type { BuiltFor, FindingKind } from '../../migrate/preflight/inspection.ts';
import { elfHeaderOf, isGoProgram } from './elf.ts';
import type { Linking } from './elfLinking.ts';
import type { NodeAbi } from './nodeAbi.ts';
import { readyToRunMachine } from './readyToRun.ts';

/** A file that holds code for one machine. */
export interface NativeFile {
  readonly path: string;
  readonly kind: Extract<
    FindingKind,
    'bootstrap' | 'executable' | 'sharedLibrary' | 'nodeAddon' | 'pythonExtension' | 'dotnetReadyToRun'
  >;
  readonly machine: BuiltFor;
  readonly isGo: boolean;
  /** Of files for the wanted machine, where it could be read. */
  readonly linking?: Linking | undefined;
  /** Of addons, where a variant is looked at. */
  readonly abi?: NodeAbi | undefined;
}

/** Undefined for files without machine code, or with code that no Lambda was ever meant to load. */
export function nativeFileOf(path: string, head: Buffer): NativeFile | undefined {
  const elf = elfHeaderOf(head);
  if (elf !== undefined) {
    if (elf.machine === 'other' || !elf.loadable) return undefined;
    return { path, kind: kindOf(path), machine: elf.machine, isGo: isGoProgram(head) };
  }
  const machine = readyToRunMachine(head);
  return machine && { path, kind: 'dotnetReadyToRun', machine, isGo: false };
}

function kindOf(path: string): NativeFile['kind'] {
  const name = path.split('/').at(-1) ?? '';
  if (name === 'bootstrap') return 'bootstrap';
  if (name.endsWith('.node')) return 'nodeAddon';
  if (/\.(?:cpython-\w+|pypy\w*|abi3)[-\w]*\.so$/.test(name)) return 'pythonExtension';
  return /\.so(?:\.\d+)*$/.test(name) ? 'sharedLibrary' : 'executable';
}
