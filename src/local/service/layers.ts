import { maxUnzippedBytes } from '../../archive/zipEntries.ts';
import { invalidParameter } from '../http/wire.ts';
import type { FunctionCode, LayerVersion } from './model.ts';
import { layerArn } from './names.ts';
import type { Service } from './service.ts';

/** The layer version of an ARN of this account and region, deleted ones included. */
export function findLayer(service: Service, arn: string): LayerVersion | undefined {
  const [, layer, name = '', version] = layerVersionArn.exec(arn) ?? [];
  if (layer === undefined || layer !== layerArn(service.account, name)) return undefined;
  return service.layers.get(name)?.find((one) => one.version === Number(version));
}

/** The code of a function's layers in their order; deleted ones keep running. */
export function layersOf(service: Service, arns: readonly string[]): readonly LayerVersion['code'][] {
  return arns.map((arn) => findLayer(service, arn)?.code).filter((code) => code !== undefined);
}

/**
 * A deleted layer version is refused to functions that do not have it yet [doc]; the wordings are [memory].
 * @throws ServiceFailure InvalidParameterValueException
 */
export function checkLayers(service: Service, arns: readonly string[], before: readonly string[]): void {
  for (const arn of arns) {
    const layer = findLayer(service, arn);
    if (!before.includes(arn) && (layer === undefined || layer.deleted)) {
      throw invalidParameter(`Layer version ${arn} does not exist.`);
    }
  }
  const names = arns.map((arn) => layerVersionArn.exec(arn)?.[1]);
  const twice = arns.find((_, index) => names.indexOf(names[index]) !== index);
  if (twice !== undefined) {
    throw invalidParameter(
      `Two different versions of the same layer are not allowed to be referenced in the function. ${names.find((name) => twice.startsWith(`${name}:`))} is referenced more than once.`,
    );
  }
}

/** @throws ServiceFailure InvalidParameterValueException above 250 MB of code and layers together */
export function checkUnzippedSize(service: Service, code: FunctionCode, layers: readonly string[]): void {
  const bytes = layersOf(service, layers).reduce((sum, layer) => sum + layer.unzippedBytes, code.unzippedBytes);
  if (bytes <= maxUnzippedBytes) return;
  throw invalidParameter(
    `Function code combined with layers exceeds the maximum allowed size of ${maxUnzippedBytes} bytes. The actual size is ${bytes} bytes.`,
  );
}

const layerVersionArn = /^(.*:layer:([a-zA-Z0-9-_]+)):(\d+)$/;
