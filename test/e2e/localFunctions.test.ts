import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../local/lab.ts';
import { type Running, startTune } from './support.ts';

/** `tune local ./fn`: the real program, waited for by what it prints. */
describe('tune local with functions', () => {
  let folder: string;
  let running: Running | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tune-local-'));
    await mkdir(join(folder, 'tmp'));
    await mkdir(join(folder, 'fn'));
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await running?.finished;
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const code = (answer: string, more = '') =>
    writeFile(
      join(folder, 'fn', 'index.mjs'),
      `export const handler = async (event) => { ${more} return ${answer}; };`,
    );

  /** Starts it and waits until it is up. */
  async function start(...args: readonly string[]): Promise<{ readonly url: string; readonly local: Running }> {
    const local = startTune(
      ['local', ...args],
      { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') },
      folder,
    );
    running = local;
    await until(() => local.stdout().includes('Ctrl-C ends it'));
    return { url: local.stdout().split('\n')[0] ?? '', local };
  }

  async function invoke(url: string, name: string): Promise<unknown> {
    const answer = await fetch(`${url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', body: '{"a":1}' });
    return answer.json();
  }

  const printed = (local: Running, text: string | RegExp) =>
    until(() => (typeof text === 'string' ? local.stdout().includes(text) : text.test(local.stdout())));

  it('runs a folder, prints a line for each call with its log escaped, and leaves nothing', async () => {
    await code('{ event, stage: process.env.STAGE }', "console.log('seen \\u001b[31m red');");
    const { url, local } = await start('./fn', '--memory', '256', '--env', 'STAGE=dev');
    expect(local.stdout()).toContain('fn (nodejs');
    expect(await invoke(url, 'fn')).toEqual({ event: { a: 1 }, stage: 'dev' });
    await printed(local, 'seen');
    expect(local.stdout()).toMatch(
      /^fn {2}256 MB · \d+\.\d\d ms · billed \d+ ms · init \d+\.\d\d ms · used \d+ MB · success\n {2}\| .*INFO {2}seen \\x1b\[31m red$/m,
    );
    local.kill('SIGINT');
    expect(await local.finished).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('gives a function the URL that its template gives it, streaming and all', async () => {
    await writeFile(
      join(folder, 'fn', 'index.mjs'),
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-own': 'a' } });
        http.write(event.rawPath);
        http.end();
      });`,
    );
    const FunctionUrlConfig = { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' };
    const Properties = { CodeUri: 'fn', Handler: 'index.handler', Runtime: 'nodejs20.x', FunctionUrlConfig };
    const Resources = { Page: { Type: 'AWS::Serverless::Function', Properties } };
    await writeFile(join(folder, 'template.json'), JSON.stringify({ Resources }));
    const { local } = await start('template.json');
    const url = /^ {4}(http:\S+)$/m.exec(local.stdout())?.[1] ?? '';
    const answer = await fetch(`${url}a%20b`);
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([201, 'a', '/a%20b']);
  });

  it('reloads when a file changes, and a call in flight ends on the old code', async () => {
    await code('"old"', "console.log('begun'); await new Promise((end) => setTimeout(end, 1500));");
    const { url, local } = await start('./fn');
    const inFlight = invoke(url, 'fn');
    await code('"new"');
    await printed(local, 'fn  reloaded');
    expect(await invoke(url, 'fn')).toBe('new');
    expect(await inFlight).toBe('old');
  });

  it('keeps what a client has set when code is reloaded', async () => {
    await code('process.env.STAGE');
    const { url, local } = await start('./fn', '--memory', '256');
    const lambda = new LambdaClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const Environment = { Variables: { STAGE: 'mine' } };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'fn', MemorySize: 640, Environment }));
    await code("process.env.STAGE + ' again'");
    await printed(local, 'fn  reloaded');
    expect(await invoke(url, 'fn')).toBe('mine again');
    await printed(local, /^fn {2}640 MB .* success$/m);
  });

  it('keeps the old code where the new one cannot be read, says why, and goes on when it can', async () => {
    await code('1');
    const { url, local } = await start('./fn');
    await rm(join(folder, 'fn', 'index.mjs'));
    await until(() => local.stderr().includes('not reloaded'));
    expect(local.stderr()).toMatch(/^fn {2}not reloaded, the code from before goes on: The folder .*fn is empty\.$/m);
    expect(await invoke(url, 'fn')).toBe(1);
    await code('2');
    await printed(local, 'fn  reloaded');
    expect(await invoke(url, 'fn')).toBe(2);
  });

  const serverless = `
service: shop
provider: { name: aws, runtime: nodejs20.x }
functions: { orders: { handler: index.handler } }
`;

  it.each([
    ['its own output that goes to a file of the package', 'exec "$@" > log 2> errors'],
    ['its own output through a pipe', 'exec "$@" > >(exec tee log)'],
  ])('does not reload for ever for %s', async (_what, script) => {
    await code('1');
    await writeFile(join(folder, 'fn', 'serverless.yml'), serverless);
    const log = () => readFile(join(folder, 'fn', 'log'), 'utf8').catch(() => '');
    const reloads = async () => (await log()).match(/^orders {2}reloaded$/gm)?.length ?? 0;
    running = startTune(
      ['local', 'serverless.yml'],
      { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') },
      join(folder, 'fn'),
      script,
    );
    await until(async () => (await log()).includes('Ctrl-C ends it'));
    const url = (await log()).split('\n')[0] ?? '';
    expect(await invoke(url, 'orders')).toBe(1);
    if (script.includes('tee'))
      await until(() => running?.stderr().includes('Warning: log changes with each reload') === true);
    const before = await reloads();
    // A file that is known as its output is no part of the function; what another program makes of it is, until it is left out.
    expect(before).toBeLessThanOrEqual(script.includes('tee') ? 6 : 0);
    await code('2');
    await until(async () => (await reloads()) > before);
    expect(await invoke(url, 'orders')).toBe(2);
    running.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 0 });
    expect(await reloads()).toBe(before + 1);
  });

  it('does not reload for ever for a file that has a new name each time, and names its folder once', async () => {
    await code('1');
    const build =
      'while read -r line; do echo "$line"; case $line in *reloaded) n=$((n+1)); echo 1 > fn/made-$n;; esac; done';
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') };
    const local = startTune(['local', './fn'], env, folder, `exec "$@" > >(${build})`);
    running = local;
    await printed(local, 'Ctrl-C ends it');
    await code('2');
    await until(() => local.stderr().includes('not watched any more'));
    expect(local.stderr()).toBe(
      "Warning: something new is written in fn with each reload, and what is new there is not watched any more. Write it outside of the functions' folders.\n",
    );
    const reloads = () => local.stdout().match(/reloaded/g)?.length ?? 0;
    const before = reloads();
    await code('3');
    await until(() => reloads() > before);
    expect(await invoke(local.stdout().split('\n')[0] ?? '', 'fn')).toBe(3);
    local.kill('SIGINT');
    expect(await local.finished).toMatchObject({ code: 0 });
    expect(reloads()).toBe(before + 1);
  });

  it('has nothing of its own in the package when the temporary directory lies in it', async () => {
    await code("(await import('node:fs')).readdirSync('/var/task/tmp')");
    await mkdir(join(folder, 'fn', 'tmp'));
    await writeFile(join(folder, 'fn', 'tmp', 'kept'), '');
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: './tmp' };
    const local = startTune(['local', '.'], env, join(folder, 'fn'));
    running = local;
    await printed(local, 'Ctrl-C ends it');
    const url = local.stdout().split('\n')[0] ?? '';
    expect(await invoke(url, 'fn')).toEqual(['kept']);
    await code("'new'");
    await printed(local, 'fn  reloaded');
    expect(await invoke(url, 'fn')).toBe('new');
    local.kill('SIGINT');
    expect(await local.finished).toMatchObject({ code: 0, stderr: '' });
    expect(local.stdout().match(/reloaded/g)).toHaveLength(1);
    expect(await readdir(join(folder, 'fn', 'tmp'))).toEqual(['kept']);
  });

  it('goes on when a folder is replaced as a whole, is gone for a while, and comes back', async () => {
    await code('1');
    const { url, local } = await start('./fn');
    const fn = join(folder, 'fn');
    const answers = (answer: number) => until(async () => (await invoke(url, 'fn')) === answer);
    /** A build that empties its output first, several times. */
    for (const answer of [2, 3, 4]) {
      await rm(fn, { recursive: true });
      await mkdir(fn);
      await code(String(answer));
      await answers(answer);
    }
    await mkdir(join(folder, 'next'));
    await writeFile(join(folder, 'next', 'index.mjs'), 'export const handler = async () => 5;');
    await rename(fn, join(folder, 'before'));
    await rename(join(folder, 'next'), fn);
    await answers(5);
    await code('6');
    await answers(6);
    await rm(fn, { recursive: true });
    await until(() => local.stderr().includes('not reloaded'));
    await mkdir(fn);
    await code('7');
    await answers(7);
    await code('8');
    await answers(8);
  });

  it('runs all functions of a template, reads it again when it changes, and tells of errors and timeouts', async () => {
    await code('1');
    await mkdir(join(folder, 'slow'));
    await writeFile(
      join(folder, 'slow', 'app.mjs'),
      'export const handler = () => new Promise((end) => setTimeout(end, 60_000));',
    );
    const template = (memory: number) => `
Globals: { Function: { Runtime: nodejs20.x } }
Resources:
  Quick: { Type: AWS::Serverless::Function, Properties: { CodeUri: fn, Handler: index.handler, MemorySize: ${memory} } }
  Slow: { Type: AWS::Serverless::Function, Properties: { CodeUri: slow, Handler: app.handler, Timeout: 1 } }
`;
    await writeFile(join(folder, 'template.yaml'), template(192));
    const { url, local } = await start('template.yaml');
    await invoke(url, 'Quick');
    await printed(local, /^Quick {2}192 MB .* success$/m);
    expect(await invoke(url, 'Slow')).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await printed(local, /^Slow {2}128 MB .* timeout/m);
    await writeFile(join(folder, 'template.yaml'), template(320));
    await printed(local, 'Quick  reloaded');
    await invoke(url, 'Quick');
    await printed(local, /^Quick {2}320 MB .* success$/m);
    expect(local.stdout()).not.toContain('Slow  reloaded');
  });

  it('runs the functions of all templates that a star stands for, and says once how a runtime differs from Lambda’s', async () => {
    await code('1');
    const template = (id: string) =>
      JSON.stringify({
        Resources: {
          [id]: {
            Type: 'AWS::Lambda::Function',
            Properties: { Code: '../fn', Handler: 'index.handler', Runtime: 'nodejs18.x' },
          },
        },
      });
    await mkdir(join(folder, 'cdk.out'));
    await writeFile(join(folder, 'cdk.out', 'One.template.json'), template('First'));
    await writeFile(join(folder, 'cdk.out', 'Two.template.json'), template('Second'));
    const { url, local } = await start('cdk.out/*.template.json');
    expect(local.stdout()).toContain('First (nodejs18.x index.handler, cdk.out/One.template.json#First)');
    for (const name of ['First', 'Second', 'First']) expect(await invoke(url, name)).toBe(1);
    await printed(local, /First .*\nSecond .*\nFirst /);
    expect(local.stderr().match(/^Warning: .*nodejs18\.x.*$/gm)).toHaveLength(1);
  });

  it('answers at a URL of its own, and streams there when its configuration says so', async () => {
    await writeFile(
      join(folder, 'fn', 'index.mjs'),
      `export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
         stream.write('path ' + rawPath + ', first ');
         stream.end('last');
       });`,
    );
    const { url, local } = await start('./fn', '--function-url');
    const functionUrl = /^ {4}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(local.stdout())?.[1] ?? '';
    const whole = await fetch(`${functionUrl}orders/7`);
    expect([whole.status, await whole.text()]).toEqual([200, 'path /orders/7, first last']);
    const client = new LambdaClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'fn', InvokeMode: 'RESPONSE_STREAM' }));
    client.destroy();
    const streamed = await fetch(`${functionUrl}orders/8`);
    expect([streamed.status, streamed.headers.get('content-length')]).toEqual([200, null]);
    expect(await streamed.text()).toBe('path /orders/8, first last');
    local.kill('SIGINT');
    expect(await local.finished).toMatchObject({ code: 0, stderr: '' });
    await expect(fetch(functionUrl)).rejects.toThrow();
  });

  it.each([
    [['./nothing'], /There is no file or folder/],
    [['--function-url'], /These options are about functions, and none is named/],
    [['./fn', '--memory', '128,256'], /Functions run at one memory size/],
  ])('refuses %j before anything is started', async (args, said) => {
    running = startTune(
      ['local', ...args],
      { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') },
      folder,
    );
    const { code: exitCode, stdout, stderr } = await running.finished;
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });
});
