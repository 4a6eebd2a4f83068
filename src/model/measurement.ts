import type { Architecture } from './configuration.ts';

/**
 * The nouns of the program, types only. A run measures configurations; a measurement is one invocation; everything
 * shown to a person is computed from measurements. Later stages import earlier ones' types, never the reverse.
 */

/** Lambda's closing line of one invocation (`REPORT RequestId: …`, or `platform.report` in JSON logs). */
export interface ReportLine {
  readonly requestId: string;
  readonly durationMs: number;
  /** What is paid. Already contains init and restore time where Lambda bills them. Never add to it. */
  readonly billedDurationMs: number;
  readonly memorySizeMb: number;
  /** High-water mark of the environment, not of this invocation alone. */
  readonly maxMemoryUsedMb: number;
  readonly initDurationMs?: number;
  readonly restoreDurationMs?: number | undefined;
  readonly billedRestoreDurationMs?: number;
  readonly status?: string;
  readonly errorType?: string;
}

export type Outcome = 'succeeded' | 'functionError' | 'timedOut' | 'outOfMemory' | 'unreported';

export type Start = 'cold' | 'warm';

/** What the REPORT line said of one invocation, and what that costs. */
export interface Reported {
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly initDurationMs?: number | undefined;
  readonly restoreDurationMs?: number | undefined;
  readonly maxMemoryUsedMb: number;
  /** On the embedded endpoint, whose `durationMs` is that of a free host: what the clock said. */
  readonly rawDurationMs?: number | undefined;
  /** On the embedded endpoint: share of the clock's time that was the host's doing, 0..1. */
  readonly contendedShare?: number | undefined;
  /** US$ of this invocation: duration, request and ephemeral storage. */
  readonly costUsd: number;
}

interface MeasurementBase {
  readonly requestId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The execution environment that served it: its log stream where that is known, else the chain of calls it was in. */
  readonly environment: string;
  /** Name of the payload in a weighted list. */
  readonly payload?: string | undefined;
  /** From the REPORT line; of an unreported invocation, what was planned (the first of its environment is cold). */
  readonly start: Start;
}

export type Measurement = MeasurementBase &
  (
    | ({ readonly outcome: 'succeeded' } & Reported)
    /** Billed and reported, but not an answer. `errorMessage` is untrusted text: escape it wherever it is shown. */
    | ({
        readonly outcome: 'functionError' | 'timedOut' | 'outOfMemory';
        readonly errorType?: string | undefined;
        readonly errorMessage?: string | undefined;
      } & Reported)
    /** It may have run and may be billed, but what it took is not known. Never zero, never a guess. */
    | {
        readonly outcome: 'unreported';
        readonly errorType?: string | undefined;
        readonly errorMessage?: string | undefined;
        readonly reason: string;
      }
  );

/** One weighted payload. Weights are relative, greater than 0. */
export interface Payload {
  readonly name: string;
  /** The JSON text as it is sent (before `{{uuid}}`/`{{n}}` are replaced when templates are on). */
  readonly body: string;
  readonly weight: number;
}

/** A price list for one region. All amounts in US$. */
export interface CostModel {
  readonly region: string;
  readonly gbSecondUsd: Readonly<Record<Architecture, number>>;
  readonly requestUsd: Readonly<Record<Architecture, number>>;
  /** Per GB-second of ephemeral storage above 512 MB; undefined where the price is not known. */
  readonly ephemeralStorageGbSecondUsd?: Readonly<Record<Architecture, number>> | undefined;
  /** SnapStart for Python and .NET; undefined where the price is not known (then named as not included). */
  readonly snapStart?:
    | {
        readonly cacheGbSecondUsd: number;
        readonly restoreGbUsd: number;
        readonly minCacheHours: number;
      }
    | undefined;
  /** `table` (the checked-in prices, with their date) or `option` (`--price`). */
  readonly source: 'table' | 'option';
  /** ISO date of the price table. */
  readonly asOf: string;
  /** Whether AWS's own published prices were seen or a figure is inferred. */
  readonly confidence: 'published' | 'partial' | 'inferred' | 'given';
}

/** What is read of the target before anything is planned. Never holds environment values or presigned URLs. */
export interface FunctionFacts {
  readonly functionName: string;
  readonly functionArn: string;
  readonly accountId: string;
  readonly region: string;
  /** What the user asked for: `$LATEST` when nothing was. */
  readonly qualifier: string;
  /** The version whose code and configuration are measured. */
  readonly version: string;
  readonly runtime?: string | undefined;
  readonly handler?: string | undefined;
  readonly packageType: 'Zip' | 'Image';
  readonly codeSha256: string;
  readonly codeSizeBytes: number;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMb: number;
  readonly snapStart: boolean;
  /** Sizes above it are refused by this account (3,008 in new ones); 10,240 unless the service said otherwise. */
  readonly memoryLimitMb: number;
  /** Undefined when the target reserves none. */
  readonly reservedConcurrency?: number | undefined;
  /** Undefined when the account's settings may not be read. */
  readonly unreservedConcurrency?: number | undefined;
  /** Environments kept ready for the qualifier that was asked for. */
  readonly provisionedConcurrency?: number | undefined;
  readonly codeStorageFreeBytes?: number | undefined;
  /** Present when the answers came from tune's own endpoint: what it can imitate and how. */
  readonly emulation?: Emulation | undefined;
  /** Things worth saying before consent: telemetry that will be fed, VPC, EFS, fields that are not copied, … */
  readonly notices: readonly Warning[];
}

/** What the embedded endpoint says of one call: see `Reported`. */
export type HostTime = Required<Pick<Reported, 'rawDurationMs' | 'contendedShare'>>;

/** How the embedded endpoint runs code; from its own response header, never from what a function printed. */
export interface Emulation {
  readonly architectures: readonly Architecture[];
  /** `cgroup`: a real CPU quota; `modelled`: durations computed from measured CPU time. */
  readonly cpu: 'cgroup' | 'modelled' | 'none';
  readonly cores: number;
}

/** A thing worth telling, as a value: reporters decide how. `text` may hold untrusted words: escape where shown. */
export interface Warning {
  readonly code: string;
  readonly text: string;
}
