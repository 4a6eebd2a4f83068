import { request as httpRequest } from 'node:http';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  ListFunctionUrlConfigsCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import type { Script } from '../../../src/local/testing/scriptedExecutor.ts';
import { type Lab, settled, startLab } from '../lab.ts';
import { startRunning } from '../running.ts';

const FunctionName = 'orders';
let lab: Lab;
afterEach(() => lab.close());

async function open(script?: Script, members: Partial<CreateFunctionUrlConfigCommandInput> = {}): Promise<string> {
  lab = await startLab({ testing: settled, ...(script === undefined ? {} : { script }) });
  await lab.create();
  const config = { FunctionName, AuthType: 'NONE', ...members } as const;
  return (await lab.lambda.send(new CreateFunctionUrlConfigCommand(config))).FunctionUrl ?? '';
}

/** What fetch does not let through, as a browser sends it. */
function browse(url: string, headers: Record<string, string | string[]>, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

const answering =
  (payload: unknown): Script =>
  () => ({ durationMs: 1, payload });

describe('configurations of function URLs', () => {
  it('are made, read, changed, listed and removed', async () => {
    const Cors = { AllowOrigins: ['https://shop.example'], MaxAge: 60 };
    const url = await open(undefined, { Cors });
    expect(url).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+\/$/);
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
    const got = await lab.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    expect(got).toMatchObject({ FunctionUrl: url, FunctionArn: arn, AuthType: 'NONE', InvokeMode: 'BUFFERED', Cors });
    expect(Date.parse(got.LastModifiedTime ?? '')).toBe(Date.parse(got.CreationTime ?? ''));
    const update = { FunctionName, AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' } as const;
    const updated = await lab.lambda.send(new UpdateFunctionUrlConfigCommand(update));
    expect(updated).toMatchObject({ FunctionUrl: url, AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM', Cors });
    await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' }));
    await lab.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: 'live', AuthType: 'NONE' }));
    const listed = await lab.lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
    expect(listed.FunctionUrlConfigs?.map(({ FunctionArn }) => FunctionArn)).toEqual([arn, `${arn}:live`]);
    await lab.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
    await expect(fetch(url)).rejects.toThrow();
    await expect(lab.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are refused where there is one, for a version, and for what is no function', async () => {
    await open();
    const create = (members: Partial<CreateFunctionUrlConfigCommandInput>) =>
      lab.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', ...members }));
    await expect(create({})).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(create({ Qualifier: '1' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(create({ Qualifier: 'live' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(create({ FunctionName: 'other' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(create({ AuthType: 'OPEN' as 'NONE' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('go with their function', async () => {
    const url = await open();
    expect((await fetch(url)).status).toBe(200);
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('a request to a function URL', () => {
  const echo: Script = ({ event }) => ({ durationMs: 1, payload: JSON.parse(event.body.toString()) });

  it('is an event of payload format 2.0', async () => {
    const url = await open(echo);
    const answer = await fetch(`${url}a%20b/c%2Fd?x=1&x=2&y=%26`, {
      method: 'POST',
      headers: { 'X-Own': 'one', cookie: 'a=1; b=2', 'content-type': 'application/json', 'user-agent': 'lab' },
      body: '{"ü":1}',
    });
    const event = (await answer.json()) as Record<string, unknown>;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/c%2Fd',
      rawQueryString: 'x=1&x=2&y=%26',
      queryStringParameters: { x: '1,2', y: '&' },
      cookies: ['a=1', 'b=2'],
      headers: {
        'x-own': 'one',
        'content-type': 'application/json',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': new URL(url).port,
      },
      requestContext: {
        accountId: 'anonymous',
        http: { method: 'POST', path: '/a b/c/d', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'lab' },
        routeKey: '$default',
        stage: '$default',
        requestId: answer.headers.get('x-amzn-requestid'),
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it('has a header that was sent twice once, joined as on AWS', async () => {
    const url = await open(echo);
    const event = JSON.parse((await browse(url, { 'x-own': ['one', 'two'] })).body);
    expect(event.headers).toMatchObject({ 'x-own': 'one,two' });
  });

  it('is in the trace of its caller, or in a new one', async () => {
    const url = await open(echo);
    const traceOf = async (headers: Record<string, string>): Promise<string> =>
      JSON.parse((await browse(url, headers)).body).headers['x-amzn-trace-id'];
    expect(await traceOf({})).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const given = 'Root=1-6a5145aa-290a323a5de9a2e0636377d4;Sampled=1';
    expect(await traceOf({ 'x-amzn-trace-id': given })).toBe(given);
  });

  const bodies: readonly [string, string | undefined, Buffer | undefined, unknown, boolean][] = [
    ['none', undefined, undefined, undefined, false],
    ['text', 'text/csv; charset=utf-8', Buffer.from('a,b'), 'a,b', false],
    ['a JSON dialect', 'application/problem+json', Buffer.from('{}'), '{}', false],
    ['bytes', 'application/octet-stream', Buffer.from([0, 255]), 'AP8=', true],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), 'YT0x', true],
    ['text that is none', 'text/plain', Buffer.from([255, 254]), '//4=', true],
  ];
  it.each(bodies)('has its body as it can be written in JSON: %s', async (_, type, body, text, isBase64Encoded) => {
    const url = await open(echo);
    const headers = type === undefined ? {} : { 'content-type': type };
    const sent = body === undefined ? { method: 'GET' } : { method: 'PUT', body: new Uint8Array(body), headers };
    const event = await (await fetch(url, sent)).json();
    expect(event).toMatchObject({ isBase64Encoded });
    expect((event as { body?: string }).body).toBe(text);
  });

  it('leaves a REPORT like every invocation', async () => {
    const url = await open(echo);
    const requestId = (await fetch(url)).headers.get('x-amzn-requestid');
    const asked = { logGroupName: '/aws/lambda/orders', filterPattern: '"REPORT RequestId"' };
    const { events = [] } = await lab.logs.send(new FilterLogEventsCommand(asked));
    expect(events.map(({ message }) => message?.split('\t')[0])).toEqual([`REPORT RequestId: ${requestId}`]);
  });

  it('has to be signed where the URL says so, and tells the function who signed', async () => {
    const url = await open(echo, { AuthType: 'AWS_IAM' });
    const refused = await fetch(url);
    expect([refused.status, await refused.json()]).toEqual([403, { Message: 'Forbidden' }]);
    const signed = 'AWS4-HMAC-SHA256 Credential=AKIDLAB/20261123/us-east-1/lambda/aws4_request, Signature=0';
    const answer = await fetch(url, { headers: { authorization: signed } });
    expect(await answer.json()).toMatchObject({
      requestContext: { accountId: '000000000000', authorizer: { iam: { accessKey: 'AKIDLAB' } } },
    });
  });

  it('is refused above 6 MB, and when the function may not run', async () => {
    const url = await open(echo);
    const large = await fetch(url, { method: 'POST', body: new Uint8Array(6_291_457) });
    expect(large.status).toBe(413);
    await lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    expect((await fetch(url)).status).toBe(429);
  });

  it('of a foreign page or name is refused, of its own page is not', async () => {
    const url = await open();
    const host = new URL(url).host;
    expect((await browse(url, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browse(url, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await browse(url, { host: 'evil.example' })).status).toBe(403);
    expect((await browse(url, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('of a page that CORS allows is answered, and so is what the browser asks before', async () => {
    const url = await open(undefined, { Cors: { AllowOrigins: ['https://shop.example'], AllowMethods: ['PUT'] } });
    const origin = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    const asked = await browse(url, { ...origin, 'access-control-request-method': 'PUT' }, 'OPTIONS');
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-methods': 'PUT',
    });
    const answer = await browse(url, origin);
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'https://shop.example' } });
    expect((await browse(url, { origin: 'https://other.example' })).status).toBe(403);
  });
});

describe('the answer of a function URL', () => {
  const answers: readonly [string, unknown, number, string, string][] = [
    ['text is JSON', 'Hello', 200, 'application/json', '"Hello"'],
    ['an object is JSON', { message: 'hi' }, 200, 'application/json', '{"message":"hi"}'],
    ['nothing', null, 200, 'application/json', 'null'],
    ['with a status', { statusCode: 201, body: 'made' }, 201, 'application/json', 'made'],
    [
      'with headers',
      { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      200,
      'text/html',
      '<p>',
    ],
    ['bytes', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'application/json', 'hi'],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }, 502, 'application/json', 'Internal Server Error'],
    ['a status that is none', { statusCode: 'ok' }, 502, 'application/json', 'Internal Server Error'],
    [
      'a header that is none',
      { statusCode: 200, headers: { 'a b': 'x' } },
      502,
      'application/json',
      'Internal Server Error',
    ],
  ];
  it.each(answers)('is what the function answered: %s', async (_, payload, status, type, body) => {
    const answer = await fetch(await open(answering(payload)));
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([status, type, body]);
  });

  it('sets every cookie, and none of what belongs to the connection', async () => {
    const url = await open(
      answering({ statusCode: 204, cookies: ['a=1; Secure', 'b=2'], headers: { 'Content-Length': 7, 'X-Own': 1 } }),
    );
    const answer = await fetch(url);
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(answer.headers.get('x-own')).toBe('1');
    expect(['content-length', 'x-amzn-remapped-content-length'].map((name) => answer.headers.get(name))).toEqual([
      null,
      '7',
    ]);
  });

  it('has each header of the service once, and that of the function under another name', async () => {
    const headers = { Date: 'today', 'X-Amzn-RequestId': 'own', 'WWW-Authenticate': 'Bearer' };
    const answer = await fetch(await open(answering({ statusCode: 401, headers })));
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('date')).toMatch(/GMT$/);
    const names = ['date', 'x-amzn-requestid', 'www-authenticate'];
    expect(names.map((name) => answer.headers.get(`x-amzn-remapped-${name}`))).toEqual(['today', 'own', 'Bearer']);
  });

  it.each([100, 101, 199, true, [200], 200.5, ' 200', null])('is 502 for a status of %j', async (statusCode) => {
    expect((await fetch(await open(answering({ statusCode })))).status).toBe(502);
  });

  it('is 502 when the function fails', async () => {
    const failure = { errorType: 'TypeError', errorMessage: 'secret' };
    for (const InvokeMode of ['BUFFERED', 'RESPONSE_STREAM'] as const) {
      const answer = await fetch(await open(() => ({ durationMs: 1, failure }), { InvokeMode }));
      expect([answer.status, await answer.text()]).toEqual([502, 'Internal Server Error']);
      if (InvokeMode === 'BUFFERED') await lab.close();
    }
  });

  const head = (members: object) => Buffer.from(`${JSON.stringify(members)}\0\0\0\0\0\0\0\0`);
  const contentType = 'application/vnd.awslambda.http-integration-response';
  it.each([1, 7, 1000])(
    'has the status and headers of its prelude, however that comes: %i bytes at once',
    async (size) => {
      const whole = Buffer.concat([
        head({ statusCode: 418, headers: { 'X-Own': 'a' }, cookies: ['c=1'] }),
        Buffer.from('body'),
      ]);
      const chunks: Buffer[] = [];
      for (let start = 0; start < whole.length; start += size) chunks.push(whole.subarray(start, start + size));
      const url = await open(() => ({ durationMs: 1, streams: { contentType, chunks } }), {
        InvokeMode: 'RESPONSE_STREAM',
      });
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([418, 'a', 'body']);
      expect(answer.headers.getSetCookie()).toEqual(['c=1']);
    },
  );

  const streams: readonly [string, string, (string | Buffer)[], number, string | undefined][] = [
    ['of another type as it is', 'text/html', ['<p>', 'x'], 200, '<p>x'],
    ['without a prelude where there must be one', contentType, ['{"statusCode":200}'], 502, 'Internal Server Error'],
    ['with a prelude that is no JSON', contentType, ['{\0\0\0\0\0\0\0\0x'], 502, 'Internal Server Error'],
  ];
  it.each(streams)('streams %s', async (_, type, chunks, status, text) => {
    const url = await open(() => ({ durationMs: 1, streams: { contentType: type, chunks } }), {
      InvokeMode: 'RESPONSE_STREAM',
    });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([status, text]);
  });

  it('ends where the function fails half-way and says so, as on AWS', async () => {
    const failure = { errorType: 'TypeError', errorMessage: 'no' };
    const script: Script = () => ({ durationMs: 1, failure, streams: { contentType: 'text/plain', chunks: ['some'] } });
    const answer = await fetch(await open(script, { InvokeMode: 'RESPONSE_STREAM' }));
    expect([answer.status, await answer.text()]).toEqual([200, 'some']);
  });

  it('breaks off where the runtime dies half-way', async () => {
    const failure = { errorType: 'Runtime.ExitError', errorMessage: 'no', fatal: true };
    const script: Script = () => ({ durationMs: 1, failure, streams: { contentType: 'text/plain', chunks: ['some'] } });
    const answer = await fetch(await open(script, { InvokeMode: 'RESPONSE_STREAM' }));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});

it('a real function streams to its URL, and answers all other ways to call it', async () => {
  lab = await startLab();
  const running = await startRunning();
  try {
    await running.create(
      'page',
      `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        const head = { statusCode: 201, headers: { 'Content-Type': 'text/html' }, cookies: ['seen=1'] };
        const http = awslambda.HttpResponseStream.from(stream, head);
        http.write('<p>' + event.rawPath);
        http.end('</p>');
      });`,
    );
    const InvokeMode = 'RESPONSE_STREAM';
    const { FunctionUrl } = await running.lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: 'page', AuthType: 'NONE', InvokeMode }),
    );
    const answer = await fetch(`${FunctionUrl}cart`);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      201,
      'text/html',
      '<p>/cart</p>',
    ]);
    expect(answer.headers.getSetCookie()).toEqual(['seen=1']);
    const invoked = await running.lambda.send(new InvokeCommand({ FunctionName: 'page', Payload: '{"rawPath":"/x"}' }));
    expect(Buffer.from(invoked.Payload ?? []).toString()).toContain('\0\0\0\0\0\0\0\0<p>/x</p>');
  } finally {
    await running.close();
  }
});
