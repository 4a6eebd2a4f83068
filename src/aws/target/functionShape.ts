import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { FunctionShape } from '../../model/production.ts';

/** With Lambda's defaults where the service leaves a setting out. */
export function functionShapeOf(configuration: FunctionConfiguration): FunctionShape {
  return {
    architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
    runtime: configuration.Runtime,
    packageType: configuration.PackageType === 'Image' ? 'Image' : 'Zip',
    ephemeralStorageMb: configuration.EphemeralStorage?.Size ?? 512,
  };
}
