import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, type CreateFunctionCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { ZipFile } from 'yazl';
import type { Executor } from '../../src/local/service/execution.ts';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { startTestEndpoint, type TestEndpointOptions } from '../../src/local/testing/testEndpoint.ts';

export const role = 'arn:aws:iam::000000000000:role/lab';

/** An endpoint without processes and the SDK's clients for it. */
export async function startLab(
  options: Partial<TestEndpointOptions> & { script?: Script; cpu?: Executor['cpu'] } = {},
) {
  const { script = () => ({ durationMs: 12.345 }), cpu = 'none', ...rest } = options;
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'lab-'));
  const executor = scriptedExecutor(script, { waiting: 'none', cpu });
  const endpoint = await startTestEndpoint({ executor, architectures: ['x86_64'], temporaryFolder, ...rest });
  const client = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
    maxAttempts: 1,
  };
  // Whatever time a test's endpoint has, these clients sign with it.
  const inTime = <Client extends LambdaClient | CloudWatchLogsClient | S3Client>(made: Client): Client => {
    const get = () => (rest.clock?.now() ?? Date.now()) - Date.now();
    Object.defineProperty(made.config, 'systemClockOffset', { get, set: () => undefined });
    return made;
  };
  const lambda = inTime(new LambdaClient(client));
  const zip = await zipOf({ 'index.mjs': 'export const handler = async (event) => event;' });
  return {
    endpoint,
    executor,
    lambda,
    zip,
    logs: inTime(new CloudWatchLogsClient(client)),
    s3: inTime(new S3Client({ ...client, forcePathStyle: true })),
    create: (members: Partial<CreateFunctionCommandInput> = {}, abortSignal?: AbortSignal) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'orders',
          Role: role,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: zip },
          ...members,
        }),
        abortSignal === undefined ? {} : { abortSignal },
      ),
    filesLeft: () => readdir(temporaryFolder),
    close: async () => {
      await endpoint.close();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
  };
}

export type Lab = Awaited<ReturnType<typeof startLab>>;

/** No time passes in Pending or InProgress. */
export const settled = { forTestsOnly: true, states: { pendingMs: 0, updateMs: 0, publishMs: 0 } } as const;

export async function zipOf(files: Readonly<Record<string, string>>, mode = 0o100644): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), name, { mode });
  archive.end();
  return buffer(archive.outputStream);
}

/** Random, so that it does not shrink. */
export async function packageOf(megabytes: number): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('export const handler = async () => 1;'), 'index.mjs');
  zip.addBuffer(randomBytes(megabytes * 1024 * 1024), 'model.bin', { compress: false });
  zip.end();
  return buffer(zip.outputStream);
}

/** Resolves once the condition holds; the runner's own timeout ends a wait for what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
