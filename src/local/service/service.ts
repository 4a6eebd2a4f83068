import type { CodeArchive } from '../packages/codeArchive.ts';
import type { Admission } from './admission.ts';
import type { Conditions } from './conditions.ts';
import type { Executor } from './execution.ts';
import type { AdmittedInvocation, LogRoute } from './logRoute.ts';
import type { LogStore } from './logStore.ts';
import type { MetricStore } from './metricStore.ts';
import type { FunctionRecord, LayerVersion } from './model.ts';
import type { Account } from './names.ts';
import type { ObjectStore } from './objectStore.ts';
import type { Pools } from './pools.ts';
import type { QueryStore } from './queryStore.ts';
import type { InvocationListener } from './reportText.ts';
import type { Schema } from './testEvents.ts';

/** Time as the endpoint sees it: states, expiry, log timestamps, waits. */
export interface LocalClock {
  /** ms since 1970. */
  now(): number;
  /** Resolves early when the endpoint closes. */
  sleep(durationMs: number): Promise<void>;
}

/** Everything the operations share: one service in one region of one account. */
export interface Service {
  readonly account: Account;
  readonly clock: LocalClock;
  /** 0 ≤ x < 1; chooses among the versions of a weighted alias. */
  readonly random: () => number;
  readonly executor: Executor;
  readonly concurrentExecutions: number;
  readonly functions: Map<string, FunctionRecord>;
  /** By layer name, versions in order. */
  readonly layers: Map<string, LayerVersion[]>;
  readonly logs: LogStore;
  readonly queries: QueryStore;
  readonly metrics: MetricStore;
  readonly objects: ObjectStore;
  /** Shared test events, by registry and schema. */
  readonly schemas: Map<string, Schema>;
  /** Sessions with roles, by access key. */
  readonly sessions: Map<string, { readonly arn: string; readonly endsMs: number }>;
  readonly code: CodeArchive;
  readonly pools: Pools;
  readonly admission: Admission;
  /** Signs code locations; new with every endpoint. */
  readonly locationSecret: Buffer;
  /** Functions of invocations that run or wait to run, by function name. */
  readonly inFlight: Map<string, number>;
  /** They may become others while it runs. */
  conditions: Conditions;
  readonly routeLogs: (invocation: AdmittedInvocation) => LogRoute;
  readonly listener?: InvocationListener | undefined;
}

/** Bytes in the code storage: every version counts, `$LATEST` too. */
export function usedCodeBytes(service: Service): number {
  let bytes = 0;
  for (const { latest, versions } of service.functions.values()) {
    for (const { code } of [latest, ...versions.values()]) bytes += code.sizeBytes;
  }
  for (const layer of service.layers.values()) {
    for (const { code, deleted } of layer) if (!deleted) bytes += code.sizeBytes;
  }
  return bytes;
}

export function unreservedConcurrency(service: Service): number {
  let reserved = 0;
  for (const { reservedConcurrency } of service.functions.values()) reserved += reservedConcurrency ?? 0;
  return service.concurrentExecutions - reserved;
}
