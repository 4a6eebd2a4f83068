import { CreateFunctionCommand, GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { Architecture } from '../domain/model.ts';
import { TuneError } from '../errors.ts';
import { type AwsClients, uploadOptions } from './client.ts';
import { callFailed } from './failure.ts';

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

/** Creates the function and waits until it can be read as a target. */
export async function createPathTarget(
  clients: AwsClients,
  target: PathTarget,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  const { functionName, zip, runtime, handler, memoryMb, timeoutS, architecture } = target;
  const code = new CreateFunctionCommand({
    FunctionName: functionName,
    Role: roleArn,
    // Anything may be typed as --runtime; the endpoint says which ones it has.
    Runtime: runtime as NonNullable<ConstructorParameters<typeof CreateFunctionCommand>[0]['Runtime']>,
    Handler: handler,
    Code: { ZipFile: zip },
    MemorySize: memoryMb,
    Timeout: timeoutS,
    Architectures: [architecture],
  });
  try {
    await clients.lambda.send(code, uploadOptions);
    for (;;) {
      const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
      if (Configuration?.State !== 'Pending') return;
      await sleep(pollMs);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidParameterValueException') {
      throw new TuneError('CODE', `The local endpoint cannot run this package: ${error.message}`, { cause: error });
    }
    throw callFailed(error, { operation: 'Lambda.CreateFunction', resource: functionName });
  }
}
