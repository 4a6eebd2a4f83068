import type { Architecture } from '../../model/configuration.ts';
import type { Preflight } from '../../model/preflight.ts';
import type { Reliance } from './reliance.ts';

/** What a file is built for, or a declaration names. `unknown`: it could not be told. */
export type BuiltFor = Finding['architecture'];

/** What speaks against an architecture, or leaves it open. */
export type FindingKind = Finding['kind'];

/** `where`, `path` and `package` are untrusted text, bounded in length: escape where shown. */
export type Finding = Preflight['findings'][number];

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
  /** Only where a variant is looked at. */
  readonly reliance?: Reliance | undefined;
}
