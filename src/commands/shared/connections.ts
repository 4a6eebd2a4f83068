import { type AwsClients, type ClientOptions, createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import type { Io } from '../../base/io.ts';
import type { RunOptions } from '../../options/options.ts';
import { type LocalHost, startLocalHost } from './paths/localHost.ts';

/**
 * What one command talks to: each account and region through one set of clients (its control-plane rate is a promise for the
 * whole command, however many functions it measures), and one embedded endpoint for all paths (they share this machine's cores).
 */
export interface Connections {
  clients(options: ClientOptions): Promise<AwsClients>;
  /** Started when the first path asks for it. */
  localHost(options: RunOptions): Promise<LocalHost>;
  close(): Promise<void>;
}

/** `parts`: of so many processes that share the accounts, each of which keeps its part of the promise. */
export function openConnections(io: Io, parts = 1): Connections {
  const opened = new Map<string, Promise<AwsClients>>();
  let host: Promise<LocalHost> | undefined;
  return {
    clients(options) {
      const key = JSON.stringify([options.region, options.profile, options.endpointUrl, options.role, parts]);
      const known = opened.get(key) ?? createClients({ ...options, parts, viaProxy: usesProxy(io.env) }, io);
      opened.set(key, known);
      return known;
    },
    localHost(options) {
      host ??= startLocalHost(options, io);
      return host;
    },
    async close() {
      for (const clients of await Promise.allSettled(opened.values())) {
        if (clients.status === 'fulfilled') clients.value.destroy();
      }
      await host?.then(
        (started) => started.close(),
        () => undefined,
      );
    },
  };
}
