import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cfnResponseFor } from '../../../../src/commands/shared/paths/cfnResponse.ts';
import { readLocalFunction } from '../../../../src/commands/shared/paths/localFunction.ts';
import { inspectArchive, openCodeArchive } from '../../../../src/local/packages/codeArchive.ts';
import { fakeIo } from '../../../support/fakeIo.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-function-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string, mode: number): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), mode);
}

function read(target: string, layer?: readonly string[]) {
  const { io } = fakeIo({ cwd: folder, env: { PATH: process.env.PATH } });
  const options = { runtime: undefined, handler: undefined, timeout: undefined, layer };
  return readLocalFunction(target, { ...options, env: {}, parameter: {}, region: 'us-east-1' }, 'x86_64', io);
}

async function namesIn(zip: Uint8Array): Promise<readonly string[]> {
  return (await inspectArchive(Buffer.from(zip))).map(({ name }) => name);
}

describe('modes of a folder that not everybody may read or run', () => {
  it('are opened in the package, and it is said what zip -r makes of them', async () => {
    write('fn/index.js', 'exports.handler = async () => 1;', 0o600);
    write('fn/bin/tool', '#!/bin/sh\n', 0o750);
    write('fn/closed/data.json', '{}', 0o644);
    write('fn/open/data.json', '{}', 0o644);
    chmodSync(join(folder, 'fn/closed'), 0o700);
    const { zip, notices } = await read('./fn');
    expect(notices).toEqual([
      {
        code: 'modes-opened',
        text: './fn: not everybody may read or run bin/tool and 2 more. Here and with sam deploy everybody may read it, with zip -r nobody else may, and then the function fails in Lambda ("permission denied"). chmod -R a+rX mends it.',
      },
    ]);
    expect(await inspectArchive(Buffer.from(zip))).toEqual([
      { name: 'bin/tool', executable: true },
      { name: 'closed/data.json', executable: false },
      { name: 'index.js', executable: false },
      { name: 'open/data.json', executable: false },
    ]);
  });

  it('are told of layers, too: their extensions could not be started', async () => {
    write('fn/index.js', 'exports.handler = async () => 1;', 0o644);
    write('agent/extensions/agent', '#!/bin/sh\n', 0o700);
    const { notices } = await read('./fn', ['./agent']);
    expect(notices.map(({ text }) => text.split('. ')[0])).toEqual([
      'layer agent: not everybody may read or run extensions/agent',
    ]);
  });

  it('are nothing to tell where everybody may', async () => {
    write('fn/index.js', 'exports.handler = async () => 1;', 0o644);
    write('fn/bin/tool', '#!/bin/sh\n', 0o4755);
    expect((await read('./fn')).notices).toEqual([]);
  });
});

describe('code that is written in a template', () => {
  const inline = (source: string, Runtime: string) => ({
    Resources: {
      Answers: {
        Type: 'AWS::Lambda::Function',
        Properties: { Code: { ZipFile: source }, Handler: 'index.handler', Runtime },
      },
    },
  });

  /** What CloudFormation is sent, by the module that lies beside the code. */
  async function answered(run: (url: string) => unknown): Promise<unknown> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const heard = once(listener, 'request');
    const ran = run(`http://127.0.0.1:${port}/answer`);
    const [request, response] = await heard;
    const body = await text(request);
    response.end();
    await ran;
    listener.close();
    return [request.method, JSON.parse(body)];
  }
  const members = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Table' };
  const answer = {
    ...members,
    Status: 'SUCCESS',
    Reason: 'See the details in CloudWatch Log Stream: stream',
    PhysicalResourceId: 'stream',
    NoEcho: false,
    Data: { a: 1 },
  };

  it('has cfn-response beside it where it is used, and only there', async () => {
    const uses = "const response = require('cfn-response'); exports.handler = response.send;";
    writeFileSync(join(folder, 'template.json'), JSON.stringify(inline(uses, 'nodejs22.x')));
    const { zip } = await read('template.json#Answers');
    expect(await namesIn(zip)).toEqual(['cfn-response.js', 'index.js']);
    expect(cfnResponseFor('exports.handler = 1', 'nodejs')).toBeUndefined();
    const unpacked = await openCodeArchive(join(folder, 'unpacked')).add(Buffer.from(zip));
    const { SUCCESS, send } = (await import(join(unpacked.folder, 'cfn-response.js'))).default;
    const sent = await answered((ResponseURL) =>
      send({ ...members, ResponseURL }, { logStreamName: 'stream' }, SUCCESS, { a: 1 }),
    );
    expect(sent).toEqual(['PUT', answer]);
  });

  it('has cfnresponse under Python', async () => {
    const uses = 'import json, cfnresponse\ndef handler(event, context): return 1\n';
    writeFileSync(join(folder, 'template.json'), JSON.stringify(inline(uses, 'python3.12')));
    const { zip } = await read('template.json#Answers');
    expect(await namesIn(zip)).toEqual(['cfnresponse.py', 'index.py']);
    expect(cfnResponseFor('x = "cfnresponse"', 'python')).toBeUndefined();
    const unpacked = await openCodeArchive(join(folder, 'unpacked')).add(Buffer.from(zip));
    const script = (url: string) =>
      `import cfnresponse, types; cfnresponse.send({**${JSON.stringify(members)}, "ResponseURL": "${url}"}, types.SimpleNamespace(log_stream_name="stream"), cfnresponse.SUCCESS, {"a": 1})`;
    const sent = await answered((url) => {
      execFile('python3', ['-c', script(url)], { cwd: unpacked.folder });
    });
    expect(sent).toEqual(['PUT', answer]);
  });
});
