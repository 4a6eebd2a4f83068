import { CreateFunctionCommand, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Architecture } from '../../model/configuration.ts';
import { type AwsClients, uploadOptions } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { directUploadBytes } from './packageSizes.ts';

/** Code from a path, as the target that is created for it on the embedded endpoint (never in an account). */
export interface PathTarget {
  readonly functionName: string;
  readonly zip: Uint8Array;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly architecture: Architecture;
}

/** The embedded endpoint checks no role; the API wants one. */
const roleArn = 'arn:aws:iam::000000000000:role/tune-local';
const pollMs = 10;

/** A bucket of the embedded endpoint, which is empty when it starts. */
const bucketName = 'tune-local';

/**
 * Creates the function and waits until it can be read as a target. Answers with the bucket that packages have to go
 * through when this one is too large for a request, as in AWS.
 */
export async function createPathTarget(
  clients: AwsClients,
  target: PathTarget,
  sleep: (ms: number) => Promise<void>,
): Promise<{ readonly stagingBucket?: string }> {
  const { functionName, zip, runtime, handler, memoryMb, timeoutS, architecture } = target;
  const staging = zip.length > directUploadBytes ? { stagingBucket: bucketName } : {};
  const code = new CreateFunctionCommand({
    FunctionName: functionName,
    Role: roleArn,
    // Anything may be typed as --runtime; the endpoint says which ones it has.
    Runtime: runtime as NonNullable<ConstructorParameters<typeof CreateFunctionCommand>[0]['Runtime']>,
    Handler: handler,
    Code: zip.length > directUploadBytes ? await stage(clients, functionName, zip) : { ZipFile: zip },
    MemorySize: memoryMb,
    Timeout: timeoutS,
    Architectures: [architecture],
  });
  try {
    await clients.lambda.send(code, uploadOptions);
    for (;;) {
      const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
      if (Configuration?.State !== 'Pending') return staging;
      await sleep(pollMs);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidParameterValueException') {
      throw new TuneError('CODE', `The local endpoint cannot run this package: ${error.message}`, { cause: error });
    }
    throw callFailed(error, { operation: 'Lambda.CreateFunction', resource: functionName });
  }
}

async function stage(clients: AwsClients, functionName: string, zip: Uint8Array) {
  const { CreateBucketCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  const object = { Bucket: bucketName, Key: `${functionName}.zip` };
  await s3.send(new CreateBucketCommand({ Bucket: bucketName }));
  await s3.send(new PutObjectCommand({ ...object, Body: zip }));
  return { S3Bucket: object.Bucket, S3Key: object.Key };
}
