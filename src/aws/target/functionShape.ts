import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { FunctionShape } from '../../model/production/production.ts';

/** Code in a container image, which is neither signed nor unpacked nor run with layers. Absent is what Lambda had before there were images: a zip. */
export function isImage({ PackageType }: Pick<FunctionConfiguration, 'PackageType'>): boolean {
  return PackageType === 'Image';
}

/** With Lambda's defaults where the service leaves a setting out. */
export function functionShapeOf(configuration: FunctionConfiguration): FunctionShape {
  return {
    architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
    runtime: configuration.Runtime,
    packageType: isImage(configuration) ? 'Image' : 'Zip',
    ephemeralStorageMb: configuration.EphemeralStorage?.Size ?? 512,
  };
}
