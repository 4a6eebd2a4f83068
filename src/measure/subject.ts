import type { TuneError } from '../base/errors.ts';
import type { Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { Sampler } from '../model/engine/sampler.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { CallHooks } from '../model/hooks.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Payload } from '../model/payload.ts';
import type { LeftBehind, Platform } from '../model/platform.ts';

/** What one sampler decides about: a function, or the two sides of a comparison. A run of the engine has one or several. */
export interface Subject<Found> {
  /** Told with its events, where several may be measured side by side. */
  readonly name?: string | undefined;
  readonly sampler: Sampler<Found>;
  /** The first one makes the copies of every variant that has no source of its own. */
  readonly sources: readonly [Source, ...Source[]];
  /** Configurations that are known from the start. Steps may name further ones. */
  readonly lanes: readonly KnownLane[];
  readonly costModel: CostModel;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
  /** Within what the whole run may have in flight, and spend. */
  readonly maxInFlight: number;
  readonly maxSpendUsd?: number | undefined;
  /** Told what was measured, when nothing more is called and while the last of what was made is removed. */
  measured?(lanes: readonly EndedLane[], found: Found | undefined): void;
}

/** Where copies come from: the function that is read, and the service that makes them. */
export interface Source {
  /** The name of the variant that it serves. Absent: `current`. */
  readonly variant?: string | undefined;
  /** As the user named it, for errors that must say which side they mean. */
  readonly name?: string | undefined;
  readonly facts: FunctionFacts;
  /** What the user named, when that was a path. */
  readonly path?: string | undefined;
  readonly platform: Platform;
  readonly payloads: SourcePayloads;
  readonly hooks?: CallHooks | undefined;
  /**
   * How environments are told apart: several chains share a version, and the logs tell; or each chain has a version to
   * itself, and is its environment.
   */
  readonly environments: 'fromLogs' | 'ownVersions';
}

export interface SourcePayloads {
  readonly list: readonly Payload[];
  readonly template: boolean;
  /** Every environment gets the same order; or all of a source together, where few calls go to each environment. */
  readonly dealt: 'perEnvironment' | 'overAll';
}

export interface KnownLane {
  readonly configuration: Configuration;
  /** Of the run that this one continues: judged with the others, but neither paid nor named here. */
  readonly earlier: readonly Measurement[];
  readonly stopped?: LaneStop | undefined;
}

/** Why a configuration is not called (again): its row shows the reason. */
export interface LaneStop {
  readonly kind: 'infeasible' | 'unmeasured';
  readonly reason: string;
  readonly error?: TuneError;
}

/** Everything that became of a subject; its copies are gone. */
export interface SubjectEnd<Found> {
  /** What the sampler came to; undefined where the run ended before. */
  readonly found: Found | undefined;
  /** What ended it early. */
  readonly failure: unknown;
  readonly lanes: readonly EndedLane[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly spentUsd: number;
  /** The cap left no room for a further call. */
  readonly capReached: boolean;
  readonly throttles: number;
  readonly leftBehind: readonly LeftBehind[];
}

export interface EndedLane extends KnownLane {
  /** Of this run. */
  readonly measurements: readonly Measurement[];
}
