import { type ApiRequest, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { StoredCode } from '../packages/codeArchive.ts';
import { checkCodeLocation } from '../service/codeLocation.ts';
import type { Service } from '../service/service.ts';

/** The package behind a Code.Location. @throws ServiceFailure 403 when the link was not made here or is over 10 minutes old */
export async function downloadCode(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const location = checkCodeLocation(service, request.path, request.query);
  if (!location.valid) throw new ServiceFailure(403, 'AccessDenied', 'Request has expired');
  const code = allCode(service).find(({ sha256 }) => sha256 === location.codeSha256);
  if (code === undefined) throw new ServiceFailure(404, 'NoSuchKey', 'The specified key does not exist.');
  return { status: 200, headers: { 'content-type': 'application/zip' }, body: await service.code.read(code) };
}

function allCode(service: Service): readonly StoredCode[] {
  const functions = [...service.functions.values()].flatMap(({ latest, versions }) => [latest, ...versions.values()]);
  const layers = [...service.layers.values()].flat();
  return [...functions, ...layers].map(({ code }) => code).filter(({ zipFile }) => zipFile !== '');
}
