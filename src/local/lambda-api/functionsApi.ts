import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type ApiRequest,
  conflict,
  emptyAnswer,
  invalidParameter,
  jsonAnswer,
  notFound,
  parameter,
  parseJsonBody,
  type WireAnswer,
} from '../http/wire.ts';
import { checkCodeStorage, takeCode } from '../service/codeSource.ts';
import { changedSettings, defaultSettings } from '../service/configuration.ts';
import { locate, lookUp, newVersion, requireRevision, requireSettled } from '../service/functionLookup.ts';
import { configurationView } from '../service/functionView.ts';
import { checkLayers, checkUnzippedSize } from '../service/layers.ts';
import type { FunctionRecord, VersionRecord } from '../service/model.ts';
import { functionArn, parseFunctionName } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { createFunctionBody, updateCodeBody, updateConfigurationBody } from '../service/settings.ts';

export async function createFunction(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const body = parseJsonBody(createFunctionBody, request.body);
  const { functionName } = parseFunctionName(body.FunctionName, service.account, 'CreateFunction');
  const refuseIfExists = (): void => {
    if (service.functions.has(functionName)) throw conflict(`Function already exist: ${functionName}`);
  };
  refuseIfExists();
  checkLayers(service, body.Layers ?? [], []);
  const packageType = body.PackageType ?? 'Zip';
  const start = defaultSettings({
    functionName,
    role: body.Role,
    architecture: body.Architectures?.[0] ?? 'x86_64',
    packageType,
    tenancy: body.TenancyConfig,
  });
  const settings = changedSettings(start, body, service.conditions);
  if (Object.keys(body.Tags ?? {}).length > 50) throw invalidParameter('The number of tags exceeds the limit of 50.');
  const code = await takeCode(service, body.Code, packageType);
  if (code === undefined) throw invalidParameter('Please provide a source for function code.');
  checkUnzippedSize(service, code, settings.layers);
  // Unpacking took a while: another call may have been faster.
  refuseIfExists();
  const latest = newVersion(service, '$LATEST', settings, code, 'created');
  const target: FunctionRecord = {
    functionName,
    latest,
    versions: new Map(),
    nextVersion: 1,
    aliases: new Map(),
    tags: body.Tags ?? {},
    policy: new Map(),
    policyRevisionId: randomUUID(),
    codeSigningConfigArn: body.CodeSigningConfigArn ? body.CodeSigningConfigArn : undefined,
    urls: new Map(),
    eventInvokeConfigs: new Map(),
    runtimeManagement: new Map(),
    recursiveLoop: 'Terminate',
  };
  service.functions.set(functionName, target);
  const shown = body.Publish === true ? publish(service, target, settings.description) : latest;
  return jsonAnswer(201, configurationView(service, target, shown));
}

export async function updateFunctionConfiguration(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const body = parseJsonBody(updateConfigurationBody, request.body);
  const target = lookUp(service, parameter(request, 'FunctionName'), 'UpdateFunctionConfiguration');
  requireSettled(service, target);
  requireRevision(target, body.RevisionId);
  checkLayers(service, body.Layers ?? [], target.latest.settings.layers);
  const settings = changedSettings(target.latest.settings, body, service.conditions);
  checkUnzippedSize(service, target.latest.code, settings.layers);
  await replaceLatest(service, target, newVersion(service, '$LATEST', settings, target.latest.code, 'updated'));
  return jsonAnswer(200, configurationView(service, target, target.latest));
}

export async function updateFunctionCode(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const body = parseJsonBody(updateCodeBody, request.body);
  const target = lookUp(service, parameter(request, 'FunctionName'), 'UpdateFunctionCode');
  requireSettled(service, target);
  requireRevision(target, body.RevisionId);
  const before = target.latest.settings;
  const code = await takeCode(service, body, before.packageType);
  if (code === undefined) throw invalidParameter('Please provide a source for function code.');
  const architecture = body.Architectures?.[0] ?? before.architecture;
  const settings = changedSettings({ ...before, architecture }, {}, service.conditions);
  checkUnzippedSize(service, code, settings.layers);
  const next = newVersion(service, '$LATEST', settings, code, 'updated');
  if (body.DryRun === true) return jsonAnswer(200, configurationView(service, target, next));
  await replaceLatest(service, target, next);
  const shown = body.Publish === true ? publish(service, target, settings.description) : target.latest;
  return jsonAnswer(200, configurationView(service, target, shown));
}

const publishBody = z.object({
  CodeSha256: z.string().optional(),
  Description: z.string().max(256).optional(),
  RevisionId: z.string().optional(),
});

export function publishVersion(service: Service, request: ApiRequest): WireAnswer {
  const body = parseJsonBody(publishBody, request.body);
  const target = lookUp(service, parameter(request, 'FunctionName'), 'PublishVersion');
  requireSettled(service, target);
  requireRevision(target, body.RevisionId);
  const { code, settings } = target.latest;
  if (body.CodeSha256 !== undefined && body.CodeSha256 !== code.sha256) {
    throw invalidParameter(
      `CodeSHA256 (${body.CodeSha256}) is different from current CodeSHA256 in $LATEST (${code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  return jsonAnswer(
    201,
    configurationView(service, target, publish(service, target, body.Description ?? settings.description)),
  );
}

/** Nothing changed since the last version: that one is the answer. */
function publish(service: Service, target: FunctionRecord, description: string): VersionRecord {
  const last = [...target.versions.values()].at(-1);
  if (last !== undefined && last.publishedFrom === contentKey(target.latest)) return last;
  checkCodeStorage(service, target.latest.code.sizeBytes);
  const { settings, code } = target.latest;
  const version = String(target.nextVersion);
  const made = newVersion(service, version, { ...settings, description }, code, 'published');
  const published = {
    ...made,
    // Published together with its creation: not ready before the function is.
    activeAtMs: Math.max(made.activeAtMs, target.latest.activeAtMs),
    publishedFrom: contentKey(target.latest),
  };
  target.nextVersion += 1;
  target.versions.set(version, published);
  return published;
}

/** Equal for two states of `$LATEST` that do the same. */
function contentKey({ settings, code }: VersionRecord): string {
  return JSON.stringify([code.sha256, code.imageUri, settings]);
}

async function replaceLatest(service: Service, target: FunctionRecord, next: VersionRecord): Promise<void> {
  const before = target.latest;
  target.previousLatest = before;
  target.latest = next;
  // Its warm environments serve until the update is through; what is started afterwards has the new configuration.
  const untilReadyMs = next.updatedAtMs - service.clock.now();
  if (untilReadyMs <= 0) await service.pools.retire(before.poolId);
  else void service.clock.sleep(untilReadyMs).then(() => service.pools.retire(before.poolId));
}

/** The whole function with everything it has, or one published version. Invocations that run go on to their end. */
export async function deleteFunction(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const { target, qualifier } = locate(service, request, 'DeleteFunction');
  if (qualifier === undefined) {
    service.functions.delete(target.functionName);
    const gone = [target.latest, ...target.versions.values()];
    if (target.previousLatest !== undefined) gone.push(target.previousLatest);
    for (const { poolId } of gone) void service.pools.retire(poolId);
    for (const url of target.urls.values()) void url.close();
    return emptyAnswer(204);
  }
  if (qualifier === '$LATEST') {
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  }
  const version = target.versions.get(qualifier);
  const arn = functionArn(service.account, target.functionName, qualifier);
  if (version === undefined) throw notFound(`Function not found: ${arn}`);
  const referring = [...target.aliases.values()].filter(
    ({ functionVersion, weights }) => functionVersion === qualifier || qualifier in weights,
  );
  if (referring.length > 0) {
    const names = referring.map(({ name }) => name).join(', ');
    throw conflict(`Unable to delete version because the following aliases reference it: [${names}]`);
  }
  target.versions.delete(qualifier);
  void service.pools.retire(version.poolId);
  return emptyAnswer(204);
}
