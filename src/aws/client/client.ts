import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ComputeOptimizerClient } from '@aws-sdk/client-compute-optimizer';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchemasClient } from '@aws-sdk/client-schemas';
import type { STSClient } from '@aws-sdk/client-sts';
import type { XRayClient } from '@aws-sdk/client-xray';
import { TuneError } from '../../base/errors.ts';
import { present } from '../../base/present.ts';
import type { Emulation } from '../../model/functionFacts.ts';
import type { HostTime } from '../../model/measurement.ts';
import { type AssumedRole, roleCredentials } from './assumedRole.ts';
import { emulationNotes, readEmulation } from './emulation.ts';
import { requireProfile } from './profile.ts';
import { proxyingAgent } from './proxy.ts';
import { callInTurn, type RateClock } from './rate.ts';
import { standardRetries } from './retry.ts';
import { shareClock } from './signatureTime.ts';
import { nextToTheWire, type Tracing, tracing } from './trace.ts';

/** Importing this file loads the SDK (about 0.1 s): commands import it when they run, not when `--help` is asked for. */
export interface ClientOptions {
  /** Default: the SDK's own chain (AWS_REGION, profile, …). */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** For all services. Default: AWS_ENDPOINT_URL[_LAMBDA|_CLOUDWATCH_LOGS|_S3], else AWS. */
  readonly endpointUrl?: string | undefined;
  /** Only for tune's own endpoint; AWS is always called with the SDK's default credential chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Assumed with the profile's credentials. */
  readonly role?: AssumedRole | undefined;
  /** Of so many processes that share the account and region: the rate of the control plane is a promise of all together. */
  readonly parts?: number | undefined;
  /** The environment names a proxy for https (`usesProxy`). */
  readonly viaProxy?: boolean;
}

export interface ClientClock extends RateClock, Tracing {
  random(): number;
}

export interface AwsClients {
  readonly region: string;
  readonly options: ClientOptions;
  /** Control plane: retries, and at most five calls a second (GetFunction, which has a quota of its own: twenty). */
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  s3(): Promise<S3Client>;
  sts(): Promise<STSClient>;
  /** Where test events are shared. */
  schemas(): Promise<SchemasClient>;
  cloudWatch(): Promise<CloudWatchClient>;
  computeOptimizer(): Promise<ComputeOptimizerClient>;
  tagging(): Promise<ResourceGroupsTaggingAPIClient>;
  organizations(): Promise<OrganizationsClient>;
  xray(): Promise<XRayClient>;
  /** For Invoke alone: one attempt, a socket for every call in flight, patience beyond the function's timeout; the time of the control client. */
  measuring(settings: { readonly maxInFlight: number; readonly functionTimeoutS: number }): LambdaClient;
  /** What tune's own endpoint said of itself; undefined on AWS. */
  emulation(): Emulation | undefined;
  /** What tune's own endpoint said of the time of this call; told once. Undefined on AWS. */
  hostTimeOf(requestId: string): HostTime | undefined;
  /** When temporary credentials end, as far as they say so. */
  credentialsExpireAt(): Promise<Date | undefined>;
  destroy(): void;
}

const maxAttempts = 5;
/** The SDK's own default. */
const controlSockets = 50;
/** Answers of the control plane take a second or two; `uploadOptions` replaces it where code is sent. */
const answerMs = 20_000;
/** Per-call options for a request that carries up to 50 MB. */
export const uploadOptions = { requestTimeout: 300_000 } as const;
/** The slowest line on which an upload is given time to finish. */
const slowestBytesPerS = 128 * 1024;

/** The same for a package of known size: a small one that gets no answer is sent again soon. */
export function uploadOptionsFor(bytes: number): { readonly requestTimeout: number } {
  return { requestTimeout: answerMs + (bytes / slowestBytesPerS) * 1000 };
}

/** What clients of every service have. */
interface ServiceClient {
  readonly config: Parameters<typeof shareClock>[0]['config'];
  readonly middlewareStack: {
    add(middleware: ReturnType<typeof tracing>, options: typeof nextToTheWire): void;
  };
  destroy(): void;
}

/** @throws TuneError USAGE without a region, CREDENTIALS for a profile that is missing or cannot be read */
export async function createClients(options: ClientOptions, clock: ClientClock): Promise<AwsClients> {
  const notes = emulationNotes();
  const { profile, endpointUrl: endpoint, credentials } = options;
  const common = present({ region: options.region, profile, endpoint, credentials });
  const control = {
    retryMode: 'standard',
    maxAttempts,
    retryStrategy: standardRetries({ maxAttempts, random: () => clock.random() }),
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: 60_000,
      httpsAgent: options.viaProxy ? proxyingAgent(controlSockets) : undefined,
    },
  } as const;

  if (options.credentials === undefined) await requireProfile(options.profile);
  const caller = new LambdaClient({ ...common, ...control });
  const region = await regionOf(caller);
  const opened: { destroy(): void }[] = [caller];
  const { role } = options;
  const lambda =
    role === undefined ? caller : new LambdaClient({ ...common, ...control, credentials: credentialsOf(role) });
  // One provider for all clients: the chain may run a process or ask a metadata service.
  const shared = { ...common, region, credentials: lambda.config.credentials };
  const logs = new CloudWatchLogsClient({ ...shared, ...control });
  callInTurn({ lambda, logs }, options.parts ?? 1, clock);
  readEmulation(lambda, notes.note);
  shareClock(logs, lambda);
  const traced = tracing(clock);
  lambda.middlewareStack.add(traced, nextToTheWire);
  logs.middlewareStack.add(traced, nextToTheWire);

  /** With the caller's own credentials, of which no other client has a use. */
  function credentialsOf(assumed: AssumedRole) {
    return roleCredentials(assumed, async (request) => {
      const { AssumeRoleCommand, STSClient: Client } = await import('@aws-sdk/client-sts');
      const own = { ...common, ...control, region, credentials: caller.config.credentials };
      const client = new Client(own);
      shareClock(client, caller);
      client.middlewareStack.add(tracing(clock), nextToTheWire);
      return client.send(new AssumeRoleCommand(request)).finally(() => client.destroy());
    });
  }

  opened.push(lambda, logs);
  /** Of what only some commands use: loaded and opened when it is first asked for. */
  function whenAsked<Client extends ServiceClient>(open: () => Promise<Client>): () => Promise<Client> {
    let found: Promise<Client> | undefined;
    return () => {
      found ??= open().then((client) => {
        shareClock(client, lambda);
        client.middlewareStack.add(traced, nextToTheWire);
        opened.push(client);
        return client;
      });
      return found;
    };
  }

  const asLambda = { ...shared, ...control };
  return {
    region,
    options,
    lambda,
    logs,
    s3: whenAsked(async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...asLambda, forcePathStyle: options.endpointUrl !== undefined });
    }),
    sts: whenAsked(async () => new (await import('@aws-sdk/client-sts')).STSClient(asLambda)),
    schemas: whenAsked(async () => new (await import('@aws-sdk/client-schemas')).SchemasClient(asLambda)),
    cloudWatch: whenAsked(async () => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(asLambda)),
    computeOptimizer: whenAsked(
      async () => new (await import('@aws-sdk/client-compute-optimizer')).ComputeOptimizerClient(asLambda),
    ),
    tagging: whenAsked(
      async () =>
        new (await import('@aws-sdk/client-resource-groups-tagging-api')).ResourceGroupsTaggingAPIClient(asLambda),
    ),
    organizations: whenAsked(
      async () => new (await import('@aws-sdk/client-organizations')).OrganizationsClient(asLambda),
    ),
    xray: whenAsked(async () => new (await import('@aws-sdk/client-xray')).XRayClient(asLambda)),
    measuring({ maxInFlight, functionTimeoutS }) {
      const maxSockets = Math.max(maxInFlight, 1);
      const agent = { maxSockets, keepAlive: true };
      const client = new LambdaClient({
        ...shared,
        maxAttempts: 1,
        retryMode: 'standard',
        requestHandler: {
          httpAgent: agent,
          httpsAgent: options.viaProxy ? proxyingAgent(maxSockets) : agent,
          connectionTimeout: 5000,
          socketTimeout: patienceMs(functionTimeoutS, notes.emulation() === undefined ? 1 : maxInFlight),
        },
      });
      shareClock(client, lambda);
      readEmulation(client, notes.note);
      client.middlewareStack.add(traced, nextToTheWire);
      opened.push(client);
      return client;
    },
    emulation: notes.emulation,
    hostTimeOf: notes.hostTimeOf,
    credentialsExpireAt: async () => (await lambda.config.credentials()).expiration,
    destroy: () => {
      for (const client of opened) client.destroy();
    },
  };
}

/**
 * How long a call that was sent is waited for. On AWS the function's timeout and time for init and the network; tune's own
 * endpoint starts a call when its CPU share is free, in the order they came: all others in flight may run before it.
 */
export function patienceMs(functionTimeoutS: number, callsInTurn: number): number {
  return callsInTurn * (functionTimeoutS * 1000 + 30_000);
}

async function regionOf(client: LambdaClient): Promise<string> {
  try {
    const region = await client.config.region();
    if (region) return region;
  } catch (error) {
    if (error instanceof Error && error.name === 'CredentialsProviderError') {
      throw new TuneError('CREDENTIALS', `The AWS profile cannot be read: ${error.message}`);
    }
  }
  throw new TuneError('USAGE', 'No AWS region is set.', {
    hint: 'Give --region eu-central-1, set AWS_REGION, or put "region" into the profile.',
  });
}
