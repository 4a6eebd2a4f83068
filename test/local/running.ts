import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startTestEndpoint } from '../../src/local/testing/testEndpoint.ts';
import { executorFor } from './execution.ts';
import { role, settled, zipOf } from './lab.ts';

/** An endpoint that runs functions as processes, and the SDK's client for it. */
export async function startRunning() {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'running-'));
  const executor = await executorFor('auto', temporaryFolder);
  const architectures = ['x86_64'] as const;
  const endpoint = await startTestEndpoint({ executor, architectures, temporaryFolder, testing: settled });
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const lambda = new LambdaClient({ endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  return {
    lambda,
    /** Node.js, CommonJS. */
    create: async (functionName: string, source: string) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: functionName,
          Role: role,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          MemorySize: 1024,
          Timeout: 10,
          Code: { ZipFile: await zipOf({ 'index.js': source }) },
        }),
      ),
    messages: (functionName: string): readonly string[] => {
      const groups = endpoint
        .snapshot()
        .logGroups.filter(({ logGroupName }) => logGroupName.endsWith(`/${functionName}`));
      return groups.flatMap(({ events }) => events.map(({ message }) => message));
    },
    close: async () => {
      await endpoint.close();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
  };
}

export type Running = Awaited<ReturnType<typeof startRunning>>;
