import { aliasView } from '../lambda-api/aliasesApi.ts';
import { settingsView } from '../service/functionView.ts';
import type { Service } from '../service/service.ts';

/** Everything the endpoint holds, as plain JSON in a stable order: two pictures of one state are equal. Holds environment values. */
export interface Snapshot {
  readonly functions: readonly FunctionPicture[];
  readonly logGroups: readonly {
    readonly logGroupName: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly retentionInDays: number | null;
    readonly streams: readonly string[];
    readonly events: readonly {
      readonly logStreamName: string;
      readonly timestamp: number;
      readonly message: string;
    }[];
  }[];
  readonly layers: readonly { readonly layerName: string; readonly version: number; readonly deleted: boolean }[];
  /** Object versions, delete markers included. */
  readonly objects: readonly {
    readonly bucket: string;
    readonly key: string;
    readonly versionId: string;
    readonly sizeBytes: number;
    readonly deleteMarker: boolean;
  }[];
  readonly environments: { readonly total: number; readonly busy: number };
  /** Invocations that run or wait, deleted functions' included. */
  readonly invocationsInFlight: number;
}

interface FunctionPicture {
  readonly functionName: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly versions: readonly Readonly<Record<string, unknown>>[];
  readonly aliases: readonly Readonly<Record<string, unknown>>[];
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: readonly Readonly<Record<string, unknown>>[];
  readonly reservedConcurrency: number | null;
  readonly codeSigningConfigArn: string | null;
}

export function takeSnapshot(service: Service): Snapshot {
  const functions = [...service.functions.values()].map((target) => ({
    functionName: target.functionName,
    configuration: settingsView(service, target, target.latest),
    versions: [...target.versions.values()].map((version) => settingsView(service, target, version)),
    aliases: [...target.aliases.values()].map((alias) => aliasView(service, target, alias)),
    tags: { ...target.tags },
    policy: [...target.policy.values()].map(({ document }) => document),
    reservedConcurrency: target.reservedConcurrency ?? null,
    codeSigningConfigArn: target.codeSigningConfigArn ?? null,
  }));
  const logGroups = [...service.logs.groups.values()].map(
    ({ logGroupName, tags, retentionInDays, streams, events }) => ({
      logGroupName,
      tags: { ...tags },
      retentionInDays: retentionInDays ?? null,
      streams: [...streams.keys()],
      events: events.map(({ logStreamName, timestamp, message }) => ({ logStreamName, timestamp, message })),
    }),
  );
  const objects = [...service.objects.buckets.values()].flatMap((bucket) =>
    [...bucket.objects.values()].flat().map(({ key, versionId, content, deleteMarker }) => ({
      bucket: bucket.name,
      key,
      versionId,
      sizeBytes: content.length,
      deleteMarker,
    })),
  );
  return {
    functions: functions.sort((a, b) => (a.functionName < b.functionName ? -1 : 1)),
    logGroups: logGroups.sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1)),
    layers: [...service.layers.values()]
      .flat()
      .map(({ layerName, version, deleted }) => ({ layerName, version, deleted })),
    objects,
    environments: service.pools.counts(),
    invocationsInFlight: [...service.inFlight.values()].reduce((sum, count) => sum + count, 0),
  };
}
