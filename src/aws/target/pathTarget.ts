import { isDeepStrictEqual } from 'node:util';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  GetFunctionCommand,
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import { present } from '../../base/present.ts';
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
  readonly environment: Readonly<Record<string, string>>;
  readonly ephemeralStorageMb?: number | undefined;
  readonly logging?: PathLogging | undefined;
  /** In their order. */
  readonly layers: readonly PathLayer[];
}

export interface PathLayer {
  readonly name: string;
  readonly zip: Uint8Array;
}

/** With the members of the API. */
export interface PathUrl {
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors: CreateFunctionUrlConfigCommandInput['Cors'];
}

interface PathLogging {
  readonly format: 'JSON' | 'Text';
  readonly applicationLevel?: string | undefined;
  readonly systemLevel?: string | undefined;
}

type Sleep = (ms: number) => Promise<void>;

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
  sleep: Sleep,
): Promise<{ readonly stagingBucket?: string }> {
  const { functionName, zip, architecture } = target;
  const staging = zip.length > directUploadBytes ? { stagingBucket: bucketName } : {};
  return told(functionName, async () => {
    const code = new CreateFunctionCommand({
      ...settingsOf(target, await publishLayers(clients, target.layers)),
      FunctionName: functionName,
      Role: roleArn,
      Code: await codeOf(clients, functionName, zip),
      Architectures: [architecture],
    });
    await clients.lambda.send(code, uploadOptions);
    await settled(clients, functionName, sleep);
    return staging;
  });
}

/**
 * Puts new code, and the settings that differ from those before, in the place of what is there: what a client has set meanwhile
 * stays, and calls in flight end on what they began with. Where either is refused, both stay as they were.
 */
export async function updatePathTarget(
  clients: AwsClients,
  target: PathTarget,
  before: PathTarget,
  sleep: Sleep,
): Promise<void> {
  const { functionName, zip } = target;
  await told(functionName, async () => {
    await configure(target, before);
    try {
      const code = await codeOf(clients, functionName, zip);
      await clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ...code }), uploadOptions);
    } catch (error) {
      await configure(before, target);
      throw error;
    }
    await settled(clients, functionName, sleep);
  });

  async function configure(wanted: PathTarget, other: PathTarget): Promise<void> {
    const settings = await changedSettings(wanted, other);
    if (Object.keys(settings).length === 0) return;
    await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: functionName, ...settings }));
    await settled(clients, functionName, sleep);
  }

  async function changedSettings(wanted: PathTarget, other: PathTarget): Promise<Partial<Settings>> {
    const areLayersKept = isDeepStrictEqual(wanted.layers, other.layers);
    const layers = areLayersKept ? [] : await publishLayers(clients, wanted.layers);
    const others = new Map(Object.entries(settingsOf(other, [])));
    return Object.fromEntries(
      Object.entries(settingsOf(wanted, layers)).filter(([name, value]) =>
        name === 'Layers' ? !areLayersKept : !isDeepStrictEqual(value, others.get(name)),
      ),
    );
  }
}

/** A URL that calls the function, on this machine. @throws TuneError where the endpoint has none */
export async function createPathUrl(
  clients: AwsClients,
  functionName: string,
  { authType, invokeMode, cors }: PathUrl,
): Promise<string> {
  return told(functionName, async () => {
    const created = new CreateFunctionUrlConfigCommand({
      ...{ FunctionName: functionName, AuthType: authType, InvokeMode: invokeMode, Cors: cors },
    });
    const { FunctionUrl: url } = await clients.lambda.send(created);
    if (url === undefined) throw new Error('a function URL without its address');
    return url;
  });
}

async function told<T>(functionName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidParameterValueException') {
      throw new TuneError('CODE', `The local endpoint cannot run this package: ${error.message}`, { cause: error });
    }
    throw callFailed(error, { operation: 'Lambda.CreateFunction', resource: functionName });
  }
}

async function settled(clients: AwsClients, functionName: string, sleep: Sleep): Promise<void> {
  for (;;) {
    const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
    if (Configuration?.State !== 'Pending' && Configuration?.LastUpdateStatus !== 'InProgress') return;
    await sleep(pollMs);
  }
}

type Settings = Omit<CreateFunctionCommandInput, 'FunctionName' | 'Role' | 'Code'>;

function settingsOf(target: PathTarget, layers: readonly string[]): Settings {
  const { runtime, handler, memoryMb, timeoutS, environment, ephemeralStorageMb, logging } = target;
  // Anything may be typed as --runtime or written in a template; the endpoint says what it has.
  return present({
    Runtime: runtime,
    Handler: handler,
    MemorySize: memoryMb,
    Timeout: timeoutS,
    Environment: { Variables: { ...environment } },
    Layers: [...layers],
    EphemeralStorage: ephemeralStorageMb === undefined ? undefined : { Size: ephemeralStorageMb },
    LoggingConfig:
      logging &&
      present({
        LogFormat: logging.format,
        ApplicationLogLevel: logging.applicationLevel,
        SystemLogLevel: logging.systemLevel,
      }),
  }) as Settings;
}

async function publishLayers(clients: AwsClients, layers: readonly PathLayer[]): Promise<readonly string[]> {
  const arns: string[] = [];
  for (const { name, zip } of layers) {
    const content = await codeOf(clients, `layer-${name}`, zip);
    const published = new PublishLayerVersionCommand({ LayerName: name, Content: content });
    const { LayerVersionArn: arn } = await clients.lambda.send(published, uploadOptions);
    if (arn !== undefined) arns.push(arn);
  }
  return arns;
}

async function codeOf(clients: AwsClients, name: string, zip: Uint8Array) {
  return zip.length > directUploadBytes ? stage(clients, name, zip) : { ZipFile: zip };
}

async function stage(clients: AwsClients, name: string, zip: Uint8Array) {
  const { CreateBucketCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  const object = { Bucket: bucketName, Key: `${name}.zip` };
  await s3.send(new CreateBucketCommand({ Bucket: bucketName })).catch((error: unknown) => {
    // Made for another package.
    if (!(error instanceof Error) || !error.name.startsWith('BucketAlready')) throw error;
  });
  await s3.send(new PutObjectCommand({ ...object, Body: zip }));
  return { S3Bucket: object.Bucket, S3Key: object.Key };
}
