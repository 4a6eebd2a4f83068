import { z } from 'zod';
import {
  type ApiRequest,
  jsonAnswer,
  parameter,
  parseJsonBody,
  ServiceFailure,
  type WireAnswer,
} from '../http/wire.ts';
import type { Service } from '../service/service.ts';
import type { Schema } from '../service/testEvents.ts';

/**
 * EventBridge Schemas, as far as shared test events need it: the registry `lambda-testevent-schemas` with one schema a
 * function. A registry is there as soon as a schema is put into it.
 */

const schemaBody = z.object({
  Content: z.string().min(1).max(6_144_000),
  Type: z.enum(['OpenApi3', 'JSONSchemaDraft4']).optional(),
  Description: z.string().max(256).optional(),
});

/** Versions of one schema [doc]: of test events five. */
const mostVersions = 5;

export function createSchema(service: Service, request: ApiRequest): WireAnswer {
  const key = keyOf(request);
  if (service.schemas.has(key)) {
    throw new ServiceFailure(409, 'ConflictException', `Schema with name ${nameOf(request)} already exists.`);
  }
  const { Content, Type = 'OpenApi3' } = parseJsonBody(schemaBody, request.body);
  return put(service, request, { type: Type, versions: [{ content: Content, createdMs: service.clock.now() }] }, 201);
}

export function updateSchema(service: Service, request: ApiRequest): WireAnswer {
  const schema = found(service, request);
  const { Content } = parseJsonBody(schemaBody, request.body);
  const versions = [...schema.versions, { content: Content, createdMs: service.clock.now() }];
  return put(service, request, { ...schema, versions: versions.slice(-mostVersions) }, 200);
}

export function describeSchema(service: Service, request: ApiRequest): WireAnswer {
  return jsonAnswer(200, viewOf(service, request, found(service, request), true));
}

function put(service: Service, request: ApiRequest, schema: Schema, status: number): WireAnswer {
  service.schemas.set(keyOf(request), schema);
  return jsonAnswer(status, viewOf(service, request, schema, false));
}

function viewOf({ account }: Service, request: ApiRequest, { type, versions }: Schema, withContent: boolean) {
  const last = versions.at(-1);
  const path = `${parameter(request, 'RegistryName')}/${nameOf(request)}`;
  return {
    Content: withContent ? last?.content : undefined,
    LastModified: new Date(last?.createdMs ?? 0).toISOString(),
    SchemaArn: `arn:aws:schemas:${account.region}:${account.accountId}:schema/${path}`,
    SchemaName: nameOf(request),
    SchemaVersion: String(versions.length),
    Type: type,
    VersionCreatedDate: new Date(last?.createdMs ?? 0).toISOString(),
  };
}

function found(service: Service, request: ApiRequest): Schema {
  const schema = service.schemas.get(keyOf(request));
  if (schema !== undefined) return schema;
  throw new ServiceFailure(404, 'NotFoundException', `Schema with name ${nameOf(request)} does not exist.`);
}

function nameOf(request: ApiRequest): string {
  return parameter(request, 'SchemaName');
}

function keyOf(request: ApiRequest): string {
  return `${parameter(request, 'RegistryName')}/${nameOf(request)}`;
}
