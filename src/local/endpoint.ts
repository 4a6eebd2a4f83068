import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFolders } from '../base/makeFolders.ts';
import { createBoundedServer } from './http/http.ts';
import { listenOnLoopback } from './http/loopback.ts';
import { type Intercept, straightThrough } from './intercept.ts';
import { openCodeArchive } from './packages/codeArchive.ts';
import { serve } from './serve.ts';
import { createAdmission } from './service/admission.ts';
import { ordinaryConditions } from './service/conditions.ts';
import type { Executor } from './service/execution.ts';
import { straightToLogs } from './service/logRoute.ts';
import { createLogStore } from './service/logStore.ts';
import { createMetricStore } from './service/metricStore.ts';
import { createObjectStore } from './service/objectStore.ts';
import { createPools } from './service/pools.ts';
import { createQueryStore } from './service/queryStore.ts';
import type { InvocationListener } from './service/reportText.ts';
import type { LocalClock, Service } from './service/service.ts';

export interface LocalEndpointOptions {
  /** How code is run; closed together with the endpoint. */
  readonly executor: Executor;
  /** What the executor can run: the host's own architecture. */
  readonly architectures: readonly ('x86_64' | 'arm64')[];
  /** An existing folder; packages are unpacked in a new one inside, which `close` removes. */
  readonly temporaryFolder: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly region?: string;
  /** 12 digits. */
  readonly accountId?: string;
  /** The account's ConcurrentExecutions, 1,000 by default. */
  readonly concurrentExecutions?: number;
  /** Execution environments alive at once over all functions, 64 by default: idle ones give way, then invocations wait. */
  readonly maxEnvironments?: number;
  readonly clock?: { now(): number; sleep?(durationMs: number): Promise<void> };
  /** 0 ≤ x < 1, for weighted aliases. */
  readonly random?: () => number;
  readonly listener?: InvocationListener;
}

export interface LocalEndpoint {
  /** `http://127.0.0.1:<port>` (`[::1]` where there is no IPv4), for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly port: number;
  /** Stops every environment, ends every connection, removes the unpacked code. Idempotent. */
  close(): Promise<void>;
}

/** Where another one than the ordinary service can be played. Nothing that a user can type leads here. */
export interface Seams {
  readonly conditions: Service['conditions'];
  readonly routeLogs: Service['routeLogs'];
  readonly intercept: Intercept;
}

/** A small Lambda service with what belongs to it (logs, a little S3, STS) on loopback. Starts within milliseconds. */
export async function startLocalEndpoint(options: LocalEndpointOptions): Promise<LocalEndpoint> {
  const { endpoint } = await openEndpoint(options, {
    conditions: ordinaryConditions(options.architectures),
    routeLogs: straightToLogs,
    intercept: straightThrough,
  });
  return endpoint;
}

/** The same with what stands behind it, for a service that is not the ordinary one. */
export async function openEndpoint(
  options: LocalEndpointOptions,
  seams: Seams,
): Promise<{ readonly endpoint: LocalEndpoint; readonly service: Service }> {
  const closing = new AbortController();
  // Every wait listens; Node would take more than ten listeners for a leak.
  setMaxListeners(0, closing.signal);
  makeFolders(options.temporaryFolder);
  const folder = await mkdtemp(join(options.temporaryFolder, 'tune-endpoint-'));
  const service = newService(options, seams, folder, localClock(options.clock, closing.signal));
  let bound = { host: '', port: 0 };
  const serving = { service, intercept: seams.intercept, port: () => bound.port };
  const server = createBoundedServer((request, response) => void serve(serving, request, response));
  try {
    bound = await listenOnLoopback(server, options.port ?? 0);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }

  const close = async (): Promise<void> => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    const urls = [...service.functions.values()].flatMap((each) => [...each.urls.values()]);
    await Promise.all(urls.map((url) => url.close()));
    await service.pools.close();
    await options.executor.close();
    await closed;
    await service.code.close();
    await rm(folder, { recursive: true, force: true });
  };
  let closed: Promise<void> | undefined;

  const endpoint: LocalEndpoint = {
    url: `http://${bound.host}:${bound.port}`,
    port: bound.port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
  return { endpoint, service };
}

function newService(options: LocalEndpointOptions, seams: Seams, folder: string, clock: LocalClock): Service {
  const { executor } = options;
  return {
    account: { region: options.region ?? 'us-east-1', accountId: options.accountId ?? '000000000000' },
    clock,
    random: options.random ?? Math.random,
    executor,
    concurrentExecutions: options.concurrentExecutions ?? 1000,
    functions: new Map(),
    layers: new Map(),
    logs: createLogStore(),
    queries: createQueryStore(),
    metrics: createMetricStore(),
    objects: createObjectStore(),
    schemas: new Map(),
    sessions: new Map(),
    code: openCodeArchive(join(folder, 'code')),
    pools: createPools(options.maxEnvironments ?? 64),
    admission: createAdmission(executor.cores),
    locationSecret: randomBytes(32),
    inFlight: new Map(),
    conditions: seams.conditions,
    routeLogs: seams.routeLogs,
    listener: options.listener,
  };
}

/** Sleeps end when the endpoint closes, so that nothing keeps the process up. */
function localClock(given: LocalEndpointOptions['clock'], signal: AbortSignal): LocalClock {
  const sleep = (durationMs: number): Promise<void> =>
    wait(Math.max(0, durationMs), undefined, { signal }).catch(() => undefined);
  return {
    now: () => given?.now() ?? Date.now(),
    sleep: (durationMs) => given?.sleep?.(durationMs) ?? sleep(durationMs),
  };
}
