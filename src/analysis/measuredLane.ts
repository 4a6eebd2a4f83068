import type { Architecture, Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { Emulation } from '../model/functionFacts.ts';
import type { Measurement } from '../model/measurement.ts';
import type { PayloadShare } from './summarize.ts';

/** One configuration with everything measured of it, in any order. */
export interface MeasuredLane {
  readonly configuration: Configuration;
  readonly measurements: readonly Measurement[];
  /** Set when it was not called to its end, with the reason that its row shows. */
  readonly stopped?: { readonly kind: 'infeasible' | 'unmeasured'; readonly reason: string } | undefined;
}
export interface AnalysisInput {
  readonly lanes: readonly MeasuredLane[];
  /** Configurations that are not called: their price is worked out from the other architecture's durations. */
  readonly projected: readonly Configuration[];
  readonly current: { readonly memoryMb: number; readonly architecture: Architecture };
  readonly payloads: readonly PayloadShare[];
  /** Fraction of failed calls above which a configuration is disqualified. */
  readonly maxErrorShare: number;
  /** Fraction within which two configurations count as equal. */
  readonly tolerance: number;
  /** Function errors of these types count as answers. */
  readonly allowedErrors?: readonly string[] | undefined;
  /** Fraction of cold starts in the mixture that configurations are compared by; without it warm calls alone are. */
  readonly coldShare?: number | undefined;
  /** Configurations whose 95th percentile of duration is surely above it are not chosen. */
  readonly maxP95Ms?: number | undefined;
  readonly costModel: CostModel;
  readonly ephemeralStorageMb: number;
  /** The runtime is known to compile while it is used. */
  readonly compilesInUse?: boolean | undefined;
  readonly emulation?: Emulation | undefined;
}
