import type { Architecture } from '../../model/configuration.ts';
import type { ImagePlatform } from './image.ts';
import type { Inspection } from './inspection.ts';

/** What is asked of a variant, besides whether it fits the architecture. */
export interface VariantChange {
  /** The runtime that the function has today. */
  readonly from: string | undefined;
  /** ISO 8601, to compare dates with. */
  readonly today: string;
  /** It brings code of its own. */
  readonly hasOtherCode: boolean;
  /** Its versions get a snapshot: what that rests on besides the runtime. */
  readonly snapStart?: SnapStartFacts | undefined;
}

interface SnapStartFacts {
  readonly ephemeralStorageMb: number;
  /** It mounts one. */
  readonly hasFileSystem: boolean;
}

export interface LayerFacts {
  readonly arn: string;
  /** CompatibleArchitectures: advisory, the service holds no function to it; undefined where the layer declares none. */
  readonly declared?: readonly Architecture[] | undefined;
  /** CompatibleRuntimes: advisory as well. */
  readonly runtimes?: readonly string[] | undefined;
  /** Of its content; undefined when that could not be read. */
  readonly inspection?: Inspection | undefined;
}

export interface PreflightInput {
  readonly wanted: Architecture;
  /** Undefined for images. */
  readonly runtime?: string | undefined;
  /** Of the package; undefined for images, and when its code could not be read. */
  readonly code?: Inspection | undefined;
  readonly image?: ImagePlatform;
  readonly layers: readonly LayerFacts[];
  /** Of a variant: what it changes from. Absent: only the architecture changes. */
  readonly change?: VariantChange | undefined;
}
