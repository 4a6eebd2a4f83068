import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import { executorFor } from '../execution.ts';
import { role } from '../lab.ts';
import { limitPrograms } from '../programs/limits.ts';
import { pack, play } from '../programs/play.ts';
import type { Program } from '../programs/program.ts';
import { pythonPrograms } from '../programs/python.ts';
import { startRunning } from '../running.ts';
import { type Installed, installPythonClient, installRubyClient, rubyPrograms } from './realClients.ts';

/** Needs the registries of Python and Ruby (or folders that pip and bundler are told of): `npm run test:packages`. */
const isAsked = process.env.TUNE_TEST_PACKAGES === '1';
let folder = '';
let executor: ProcessExecutor;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clients-test-'));
  executor = await executorFor('auto', folder);
});
afterAll(async () => {
  await executor.close();
  rmSync(folder, { recursive: true });
});

/** A new copy of the folder that the client was installed into. */
function copyOf({ folder: installed }: { readonly folder: string }): string {
  const code = mkdtempSync(join(folder, 'code-'));
  cpSync(installed, code, { recursive: true });
  return code;
}

describe.skipIf(!isAsked)('AWS’s own client for Python as a custom runtime (npm run test:packages)', () => {
  let client: Installed = { problem: '' };
  beforeAll(() => {
    client = installPythonClient(join(folder, 'python'));
  }, 600_000);

  /** `-u` and `-B` as our own: what is printed comes at once, and nothing is written beside the code. */
  const withClient = (program: Program, interpreter: string): Program => {
    const bootstrap = `#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_${program.runtime}
exec ${interpreter} -u -B -m awslambdaric "$_HANDLER"
`;
    return { ...program, runtime: 'provided.al2023', files: { ...program.files, bootstrap } };
  };

  const programs = [...pythonPrograms, ...limitPrograms].filter(({ runtime }) => runtime.startsWith('python'));
  for (const program of programs) {
    it(`${program.runtime}: ${program.name}`, async ({ skip }) => {
      if ('problem' in client) return skip(client.problem);
      if (program.managedOnly !== undefined) return skip(program.managedOnly);
      await play(withClient(program, client.program), executor, copyOf(client));
    });
  }

  it('is deployed, answers and is billed as any other', async ({ skip }) => {
    if ('problem' in client) return skip(client.problem);
    const program: Program = {
      name: 'a sum',
      runtime: 'python3.12',
      files: { 'app.py': 'def handler(e, c):\n  print("adding")\n  return sum(e)' },
      calls: [],
    };
    const code = copyOf(client);
    pack(withClient(program, client.program), code);
    const running = await startRunning();
    try {
      const FunctionName = 'sums';
      await running.lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: role,
          Runtime: 'provided.al2023',
          Handler: 'app.handler',
          MemorySize: 512,
          Timeout: 10,
          Code: { ZipFile: await zipped(code) },
        }),
      );
      const call = new InvokeCommand({ FunctionName, LogType: 'Tail', Payload: Buffer.from('[1, 2.5]') });
      const { Payload, LogResult = '' } = await running.lambda.send(call);
      expect(Buffer.from(Payload ?? []).toString()).toBe('3.5');
      expect(Buffer.from(LogResult, 'base64').toString()).toMatch(
        /START .*\nadding\nEND .*\nREPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms/,
      );
    } finally {
      await running.close();
    }
  });
});

describe.skipIf(!isAsked)('AWS’s own client for Ruby (npm run test:packages)', () => {
  let client: Installed = { problem: '' };
  beforeAll(() => {
    client = installRubyClient(join(folder, 'ruby'));
  }, 600_000);

  for (const program of rubyPrograms) {
    it(program.name, async ({ skip }) => {
      if ('problem' in client) return skip(client.problem);
      await play({ ...program, runtime: `ruby${client.version}` }, executor, copyOf(client));
    });
  }
});

async function zipped(code: string): Promise<Buffer> {
  const zip = new ZipFile();
  for (const entry of readdirSync(code, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addFile(path, relative(code, path));
  }
  zip.end();
  return buffer(zip.outputStream);
}
