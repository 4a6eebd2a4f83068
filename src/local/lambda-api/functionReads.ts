import { type ApiRequest, invalidParameter, jsonAnswer, parameter, queryCount, type WireAnswer } from '../http/wire.ts';
import { codeLocation } from '../service/codeLocation.ts';
import { locate, lookUp, qualifiedVersion } from '../service/functionLookup.ts';
import { configurationView, settingsView } from '../service/functionView.ts';
import type { VersionRecord } from '../service/model.ts';
import type { Service } from '../service/service.ts';

/** With a qualifier the answer holds only what that version has: neither Tags nor Concurrency [model]. */
export function getFunction(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'GetFunction');
  const { target, qualifier } = located;
  const version = qualifiedVersion(service, located);
  const unqualified = qualifier === undefined;
  return jsonAnswer(200, {
    Configuration: configurationView(service, target, version, qualifier),
    Code: codeView(service, request.host, target.functionName, version),
    Tags: unqualified && Object.keys(target.tags).length > 0 ? target.tags : undefined,
    Concurrency:
      unqualified && target.reservedConcurrency !== undefined
        ? { ReservedConcurrentExecutions: target.reservedConcurrency }
        : undefined,
  });
}

export function getFunctionConfiguration(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'GetFunctionConfiguration');
  const version = qualifiedVersion(service, located);
  return jsonAnswer(200, configurationView(service, located.target, version, located.qualifier));
}

export function listVersionsByFunction(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'ListVersionsByFunction');
  const versions = [
    settingsView(service, target, target.latest, '$LATEST'),
    ...[...target.versions.values()].map((version) => settingsView(service, target, version)),
  ];
  const { page, next } = pageOf(versions, request, 50);
  return jsonAnswer(200, { Versions: page, ...next });
}

/** At most 50 a page, no tags and no states in it [model]. */
export function listFunctions(service: Service, request: ApiRequest): WireAnswer {
  const all = request.query.get('FunctionVersion') === 'ALL';
  const functions = [...service.functions.values()].sort((a, b) => (a.functionName < b.functionName ? -1 : 1));
  const views = functions.flatMap((target) => [
    settingsView(service, target, target.latest, all ? '$LATEST' : undefined),
    ...(all ? [...target.versions.values()].map((version) => settingsView(service, target, version)) : []),
  ]);
  const { page, next } = pageOf(views, request, 50);
  return jsonAnswer(200, { Functions: page, ...next });
}

/** No mapping can be made here. */
export function listEventSourceMappings(): WireAnswer {
  return jsonAnswer(200, { EventSourceMappings: [] });
}

/** One page by `Marker` and `MaxItems`. The marker names the item before, so that deletions meanwhile skip none. */
export function pageOf<Item extends object>(
  items: readonly Item[],
  request: ApiRequest,
  pageSize: number,
): { readonly page: readonly Item[]; readonly next: { readonly NextMarker?: string } } {
  const size = Math.min(pageSize, queryCount(request, 'MaxItems', 10_000) ?? pageSize);
  const marker = request.query.get('Marker');
  const start = marker === null || marker === '' ? 0 : markerPosition(items, marker);
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= items.length) return { page, next: {} };
  return { page, next: { NextMarker: Buffer.from(JSON.stringify([start + size, keyOf(last)])).toString('base64url') } };
}

function markerPosition(items: readonly object[], marker: string): number {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  const [, position, key] = /^\[(\d{1,9}),"(.*)"\]$/s.exec(text) ?? [];
  if (position === undefined || key === undefined) throw invalidParameter('Invalid Marker.');
  const before = items.findIndex((item) => keyOf(item) === key);
  // The item before is gone: everything after it has moved up by one.
  return before >= 0 ? before + 1 : Math.max(0, Number(position) - 1);
}

function keyOf(item: object): string {
  if ('FunctionArn' in item) return String(item.FunctionArn);
  if ('LayerVersionArn' in item) return String(item.LayerVersionArn);
  if ('LayerArn' in item) return String(item.LayerArn);
  return 'Name' in item ? String(item.Name) : '';
}

function codeView(
  service: Service,
  host: string,
  functionName: string,
  { code }: VersionRecord,
): Record<string, unknown> {
  if (code.imageUri !== undefined) {
    const repository = code.imageUri.replace(/[:@][^/]*$/, '');
    return {
      RepositoryType: 'ECR',
      ImageUri: code.imageUri,
      ResolvedImageUri: `${repository}@sha256:${code.sha256}`,
    };
  }
  return {
    RepositoryType: 'S3',
    Location: codeLocation(service, host, functionName, code.sha256),
    SourceKMSKeyArn: code.sourceKmsKeyArn,
  };
}
