import type { Architecture } from '../../model/configuration.ts';

/** What a file is built for, or a declaration names. `unknown`: it could not be told. */
export type BuiltFor = Architecture | 'i386' | 'arm' | 'unknown';

/** What speaks against an architecture, or leaves it open. */
export type FindingKind =
  | 'bootstrap'
  | 'executable'
  | 'sharedLibrary'
  | 'nodeAddon'
  | 'pythonExtension'
  | 'nodePackage'
  | 'pythonWheel'
  | 'dotnetReadyToRun'
  | 'archive'
  | 'layer'
  | 'runtime'
  | 'image';

/** `where`, `path` and `package` are untrusted text, bounded in length: escape where shown. */
export interface Finding {
  /** `function package`, a layer's ARN, `function` or `image`. */
  readonly where: string;
  /** In that place; what lies in an inner archive follows its path after `!/`. Empty for a layer or image as a whole. */
  readonly path: string;
  readonly kind: FindingKind;
  readonly architecture: BuiltFor;
  /** What is wrong where it is not the architecture, or not it alone: `built for macOS`. */
  readonly reason?: string | undefined;
  /** A command or a sentence: what usually helps. */
  readonly cure: string;
  /** The npm or Python package it belongs to. */
  readonly package?: string | undefined;
  /** False: it may work all the same, or could not be looked into. */
  readonly blocking: boolean;
}

/** What was seen in one package or layer. */
export interface Inspection {
  readonly where: string;
  readonly wanted: Architecture;
  /** In the order of the files; at most as many as the limits allow. */
  readonly findings: readonly Finding[];
  /** Findings beyond that. */
  readonly findingsLeftOut: number;
  readonly files: number;
  /** Unpacked, inner archives not counted twice. */
  readonly bytes: number;
  /** Inner archives that were looked into. */
  readonly archives: number;
  /** Native files for Linux, by what they are built for. */
  readonly natives: Readonly<Record<BuiltFor, number>>;
}
