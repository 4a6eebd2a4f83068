import { z } from 'zod';
import type { Category, SubscriptionApi } from './telemetryEvents.ts';

/** What an extension asks of the Telemetry or the Logs API; the ranges are the documented ones. */
export interface Subscription {
  readonly api: SubscriptionApi;
  readonly schemaVersion: string;
  readonly types: readonly Category[];
  readonly destination: Destination;
  readonly buffering: Buffering;
}

export type Destination =
  | { readonly protocol: 'HTTP'; readonly url: URL; readonly method: 'POST' | 'PUT' }
  | { readonly protocol: 'TCP'; readonly port: number };

interface Buffering {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const port = z.int().min(1).max(65_535);

const body = z.object({
  schemaVersion: z.string().optional(),
  types: z.array(z.enum(['platform', 'function', 'extension'])).min(1),
  buffering: z
    .object({
      maxItems: z.int().min(1000).max(10_000).default(10_000),
      maxBytes: z.int().min(262_144).max(1_048_576).default(262_144),
      timeoutMs: z.int().min(25).max(30_000).default(1000),
    })
    .prefault({}),
  destination: z.discriminatedUnion('protocol', [
    z.object({
      protocol: z.literal('HTTP'),
      URI: z.url({ protocol: /^http$/, error: 'not an http URI' }),
      method: z.enum(['POST', 'PUT']).default('POST'),
    }),
    z.object({ protocol: z.literal('TCP'), port }),
  ]),
});

const versions: Readonly<Record<SubscriptionApi, readonly string[]>> = {
  telemetry: ['2022-07-01', '2022-12-13', '2025-01-29'],
  logs: ['2020-08-15', '2021-03-18'],
};

/** A subscription, or why it is none. */
export function parseSubscription(api: SubscriptionApi, text: string): Subscription | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'The body is not JSON.';
  }
  const asked = body.safeParse(json);
  if (!asked.success) {
    const [issue] = asked.error.issues;
    return `${issue?.path.join('.')}: ${issue?.message}`;
  }
  const { types, buffering, destination } = asked.data;
  // Only the Logs API has a version to fall back on.
  const schemaVersion = asked.data.schemaVersion ?? (api === 'logs' ? '2020-08-15' : '');
  if (!versions[api].includes(schemaVersion)) return `schemaVersion: must be one of ${versions[api].join(', ')}`;
  if (destination.protocol === 'TCP') return { api, schemaVersion, types, buffering, destination };
  const url = new URL(destination.URI);
  if (url.hostname !== 'sandbox.localdomain' && url.hostname !== 'sandbox') {
    return 'destination.URI host must be sandbox.localdomain';
  }
  const { method } = destination;
  return { api, schemaVersion, types, buffering, destination: { protocol: 'HTTP', url, method } };
}
