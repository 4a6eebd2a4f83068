import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';

let lab: Lab;
afterEach(() => lab.close());

/** As fetch, but with headers that fetch does not let through. */
function ask(path: string, headers: Record<string, string>, body?: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${lab.endpoint.url}${path}`,
      { method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        text(response).then((content) => resolve({ status: response.statusCode ?? 0, text: content }), reject);
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

const functions = '/2015-03-31/functions';

describe('who may ask', () => {
  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['the right Host on another port', { host: '127.0.0.1:1' }],
    ['an Origin', { origin: 'http://127.0.0.1' }],
    ['a page without Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses %s', async (_, headers) => {
    lab = await startLab();
    expect((await ask(functions, { ...headers })).status).toBe(403);
    expect(lab.endpoint.calls()).toEqual([]);
  });

  it('answers localhost as well as 127.0.0.1', async () => {
    lab = await startLab();
    expect((await ask(functions, { host: `localhost:${lab.endpoint.port}` })).status).toBe(200);
  });

  it('listens on loopback only', async () => {
    lab = await startLab();
    expect(lab.endpoint.url).toBe(`http://127.0.0.1:${lab.endpoint.port}`);
  });
});

describe('what may be sent', () => {
  it('refuses bodies over the operation’s limit with an answer that can be read', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    const path = `${functions}/orders/invocations`;
    const answer = await ask(path, {}, Buffer.alloc(7_000_000, '1'));
    expect([answer.status, JSON.parse(answer.text).message]).toEqual([
      413,
      'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    ]);
    expect((await ask(`${functions}/orders/versions`, {}, Buffer.alloc(1_048_577, ' '))).status).toBe(413);
    expect(lab.executor.counts().started).toBe(0);
  });

  it('refuses more headers than any client needs', async () => {
    lab = await startLab();
    expect((await ask(functions, { 'x-long': 'x'.repeat(70_000) })).status).toBe(431);
  });

  it.each(['%', '/2015-03-31/functions/%ff', '/%00/%zz', '//', '/2099-01-01/x', '/2015-03-31/functions/a/b/c/d'])(
    'answers %j with an error, and goes on',
    async (path) => {
      lab = await startLab();
      const status = await new Promise<number>((resolve, reject) => {
        const socket = connect(lab.endpoint.port, '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${lab.endpoint.port}\r\nConnection: close\r\n\r\n`);
        });
        text(socket).then((content) => resolve(Number(content.split(' ')[1])), reject);
      });
      // 501: nothing that this endpoint has.
      expect([400, 403, 404, 501]).toContain(status);
      expect((await ask(functions, {})).status).toBe(200);
    },
  );

  it.each(['{', '[]', '"text"', '{"FunctionName":{}}', '\u0000', '{"FunctionName":"../../x","Role":"r","Code":{}}'])(
    'refuses the body %j as the client’s mistake',
    async (body) => {
      lab = await startLab();
      expect((await ask(functions, {}, Buffer.from(body))).status).toBe(400);
    },
  );

  it('never repeats an environment value in an error', async () => {
    lab = await startLab();
    const Variables = { SECRET: 'canary-7f3a', BAD: 5 };
    const body = { FunctionName: 'a', Role: 'arn:aws:iam::000000000000:role/x', Code: {}, Environment: { Variables } };
    const answer = await ask(functions, {}, Buffer.from(JSON.stringify(body)));
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('canary');
  });
});

describe('close', () => {
  it('ends open connections, leaves no files, and can be called twice', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    await Promise.all([lab.endpoint.close(), lab.endpoint.close()]);
    expect(await lab.filesLeft()).toEqual([]);
    await expect(ask(functions, {})).rejects.toThrow(/ECONNREFUSED/);
  });
});
