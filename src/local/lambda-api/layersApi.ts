import { z } from 'zod';
import {
  type ApiRequest,
  emptyAnswer,
  invalidParameter,
  jsonAnswer,
  notFound,
  parameter,
  parseJsonBody,
  type WireAnswer,
} from '../http/wire.ts';
import { codeLocation } from '../service/codeLocation.ts';
import { takeCode } from '../service/codeSource.ts';
import { findLayer } from '../service/layers.ts';
import type { LayerVersion } from '../service/model.ts';
import { layerArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { pageOf } from './functionReads.ts';

const publishLayerBody = z.object({
  Content: z.object({
    ZipFile: z.string().optional(),
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    S3ObjectVersion: z.string().optional(),
  }),
  Description: z.string().max(256).optional(),
  CompatibleRuntimes: z.array(z.string()).max(15).optional(),
  CompatibleArchitectures: z
    .array(z.enum(['x86_64', 'arm64']))
    .max(2)
    .optional(),
  LicenseInfo: z.string().max(512).optional(),
});

export async function publishLayerVersion(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const body = parseJsonBody(publishLayerBody, request.body);
  const layerName = nameOf(request);
  const code = await takeCode(service, body.Content, 'Zip');
  if (code === undefined) throw invalidParameter('Please provide the content of the layer.');
  const versions = service.layers.get(layerName) ?? [];
  const layer: LayerVersion = {
    layerName,
    version: versions.length + 1,
    description: body.Description ?? '',
    createdMs: service.clock.now(),
    compatibleRuntimes: body.CompatibleRuntimes ?? [],
    compatibleArchitectures: body.CompatibleArchitectures ?? [],
    licenseInfo: body.LicenseInfo,
    code,
    deleted: false,
  };
  service.layers.set(layerName, [...versions, layer]);
  return jsonAnswer(201, layerView(service, request.host, layer));
}

export function getLayerVersion(service: Service, request: ApiRequest): WireAnswer {
  const arn = `${layerArn(service.account, nameOf(request))}:${parameter(request, 'VersionNumber')}`;
  return jsonAnswer(200, layerView(service, request.host, existing(service, arn)));
}

export function getLayerVersionByArn(service: Service, request: ApiRequest): WireAnswer {
  return jsonAnswer(200, layerView(service, request.host, existing(service, request.query.get('Arn') ?? '')));
}

/** Newest first; each layer with the newest of its versions that fit what is asked. */
export function listLayers(service: Service, request: ApiRequest): WireAnswer {
  const found = [...service.layers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([layerName, versions]) => {
      const newest = versions.findLast((layer) => fits(layer, request));
      const LayerArn = layerArn(service.account, layerName);
      return newest === undefined
        ? []
        : [{ LayerName: layerName, LayerArn, LatestMatchingVersion: versionView(service, newest) }];
    });
  const { page, next } = pageOf(found, request, 50);
  return jsonAnswer(200, { Layers: page, ...next });
}

export function listLayerVersions(service: Service, request: ApiRequest): WireAnswer {
  const versions = (service.layers.get(nameOf(request)) ?? []).filter((layer) => fits(layer, request));
  const { page, next } = pageOf(
    versions.reverse().map((layer) => versionView(service, layer)),
    request,
    50,
  );
  return jsonAnswer(200, { LayerVersions: page, ...next });
}

function fits(layer: LayerVersion, { query }: ApiRequest): boolean {
  const runtime = query.get('CompatibleRuntime');
  const architecture = query.get('CompatibleArchitecture');
  return (
    !layer.deleted &&
    (runtime === null || layer.compatibleRuntimes.includes(runtime)) &&
    (architecture === null || layer.compatibleArchitectures.some((each) => each === architecture))
  );
}

/** Deleting what is not there succeeds, as on the service. */
export function deleteLayerVersion(service: Service, request: ApiRequest): WireAnswer {
  const layer = findLayer(
    service,
    `${layerArn(service.account, nameOf(request))}:${parameter(request, 'VersionNumber')}`,
  );
  if (layer !== undefined) layer.deleted = true;
  return emptyAnswer(204);
}

/** A name or the layer's ARN. */
function nameOf(request: ApiRequest): string {
  const name = parameter(request, 'LayerName').replace(/^arn:aws:lambda:[^:]+:\d+:layer:/, '');
  if (!/^[a-zA-Z0-9-_]{1,140}$/.test(name)) throw invalidParameter('The layer name is not valid.');
  return name;
}

function existing(service: Service, arn: string): LayerVersion {
  const layer = findLayer(service, arn);
  if (layer === undefined || layer.deleted) throw notFound('The resource you requested does not exist.');
  return layer;
}

function layerView(service: Service, host: string, layer: LayerVersion): Record<string, unknown> {
  return {
    Content: {
      Location: codeLocation(service, host, layer.layerName, layer.code.sha256),
      CodeSha256: layer.code.sha256,
      CodeSize: layer.code.sizeBytes,
    },
    LayerArn: layerArn(service.account, layer.layerName),
    ...versionView(service, layer),
  };
}

/** As the lists have it. */
function versionView(service: Service, layer: LayerVersion) {
  return {
    LayerVersionArn: `${layerArn(service.account, layer.layerName)}:${layer.version}`,
    Description: layer.description,
    CreatedDate: new Date(layer.createdMs).toISOString().replace('Z', '+0000'),
    Version: layer.version,
    CompatibleRuntimes: layer.compatibleRuntimes,
    CompatibleArchitectures: layer.compatibleArchitectures,
    LicenseInfo: layer.licenseInfo,
  };
}
