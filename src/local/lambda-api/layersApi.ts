import { z } from 'zod';
import {
  type Answer,
  type ApiRequest,
  emptyAnswer,
  invalidParameter,
  jsonAnswer,
  notFound,
  parameter,
  parseJsonBody,
} from '../http/wire.ts';
import { codeLocation } from '../service/codeLocation.ts';
import { takeCode } from '../service/codeSource.ts';
import { findLayer } from '../service/layers.ts';
import type { LayerVersion } from '../service/model.ts';
import { layerArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';

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

export async function publishLayerVersion(service: Service, request: ApiRequest): Promise<Answer> {
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

export function getLayerVersion(service: Service, request: ApiRequest): Answer {
  const arn = `${layerArn(service.account, nameOf(request))}:${parameter(request, 'VersionNumber')}`;
  return jsonAnswer(200, layerView(service, request.host, existing(service, arn)));
}

export function getLayerVersionByArn(service: Service, request: ApiRequest): Answer {
  return jsonAnswer(200, layerView(service, request.host, existing(service, request.query.get('Arn') ?? '')));
}

/** Deleting what is not there succeeds, as on the service. */
export function deleteLayerVersion(service: Service, request: ApiRequest): Answer {
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
  const arn = layerArn(service.account, layer.layerName);
  return {
    Content: {
      Location: codeLocation(service, host, layer.layerName, layer.code.sha256),
      CodeSha256: layer.code.sha256,
      CodeSize: layer.code.sizeBytes,
    },
    LayerArn: arn,
    LayerVersionArn: `${arn}:${layer.version}`,
    Description: layer.description,
    CreatedDate: new Date(layer.createdMs).toISOString().replace('Z', '+0000'),
    Version: layer.version,
    CompatibleRuntimes: layer.compatibleRuntimes,
    CompatibleArchitectures: layer.compatibleArchitectures,
    LicenseInfo: layer.licenseInfo,
  };
}
