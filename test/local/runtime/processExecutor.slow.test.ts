import { once as onceEmitted } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { EnvironmentSpec, ExecutionResult } from '../../../src/local/service/execution.ts';
import { executorFor, invoke, isRunning, payloadOf, specOf } from '../execution.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'executor-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A function written for one test. */
function written(files: Record<string, string>): string {
  const code = mkdtempSync(join(folder, 'code-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(code, name, '..'), { recursive: true });
    writeFileSync(join(code, name), content);
    if (name === 'bootstrap') chmodSync(join(code, name), 0o755);
  }
  return code;
}

/** The controller that bounds processes is not handed down everywhere. */
function hasProcessGroups(): boolean {
  const unified = '/sys/fs/cgroup/cgroup.subtree_control';
  return existsSync('/sys/fs/cgroup/pids') || (existsSync(unified) && /\bpids\b/.test(readFileSync(unified, 'utf8')));
}

describe.each(['auto', 'off'] as const)('with cgroups: %s', (cgroups) => {
  let executor: ProcessExecutor;
  let ownFolder = '';
  beforeAll(async () => {
    ownFolder = mkdtempSync(join(folder, 'own-'));
    executor = await executorFor(cgroups, ownFolder);
  });
  afterAll(async () => {
    await executor.close();
    expect(readdirSync(ownFolder)).toEqual([]);
  });

  async function once(spec: EnvironmentSpec, event: unknown = {}): Promise<ExecutionResult> {
    const environment = await executor.start(spec);
    try {
      return await invoke(environment, event);
    } finally {
      await environment.stop();
    }
  }

  const node = (source: string, changes: Partial<EnvironmentSpec> = {}, name = 'index.mjs') =>
    specOf('', { codeFolder: written({ [name]: source }), ...changes });
  const python = (source: string, changes: Partial<EnvironmentSpec> = {}) =>
    specOf('', {
      codeFolder: written({ 'app.py': source }),
      runtime: 'python3.11',
      handler: 'app.handler',
      ...changes,
    });

  it('reports init once, on the first invocation of an environment', async () => {
    const environment = await executor.start(specOf('cpu-node'));
    const first = await invoke(environment, { iterations: 10 });
    const second = await invoke(environment, { iterations: 10 });
    await environment.stop();
    expect(first.status).toBe('success');
    expect(first.initDurationMs).toBeGreaterThan(5);
    expect(second.initDurationMs).toBeUndefined();
    expect(payloadOf(second)).toEqual(payloadOf(first));
    expect(first.modelled).toBe(executor.cpu === 'modelled');
    expect(second.maxMemoryUsedMb).toBeGreaterThanOrEqual(first.maxMemoryUsedMb);
    expect(second.maxMemoryUsedMb).toBeLessThanOrEqual(512);
  });

  it('runs Python with the same result as Node for the same work', async () => {
    const spec = specOf('cpu-python', { runtime: 'python3.11', handler: 'lambda_function.lambda_handler' });
    const inPython = payloadOf(await once(spec, { iterations: 1000 }));
    expect(inPython).toEqual(payloadOf(await once(specOf('cpu-node'), { iterations: 1000 })));
  });

  it('names running out of memory, and a larger size is enough for the same work', async () => {
    const small = await once(specOf('memory-hungry', { memoryMb: 128 }), { megabytes: 200 });
    expect(small).toMatchObject({
      status: 'error',
      errorType: 'Runtime.OutOfMemory',
      functionError: 'Unhandled',
      maxMemoryUsedMb: 128,
      environmentEnded: true,
    });
    const large = await once(specOf('memory-hungry', { memoryMb: 512 }), { megabytes: 200 });
    expect(large.status).toBe('success');
    expect(large.maxMemoryUsedMb).toBeGreaterThan(200);
    expect(large.maxMemoryUsedMb).toBeLessThan(400);
  });

  it('reports a peak that was over before the invocation ended', async () => {
    const spec = node(`import { setTimeout as wait } from 'node:timers/promises';
      export const handler = async () => { let block = Buffer.alloc(150e6, 1); block = undefined; globalThis.gc(); await wait(50); return 1; };`);
    expect((await once(spec)).maxMemoryUsedMb).toBeGreaterThan(170);
  });

  it('ends a timeout at the limit, with the payload of the real service', async () => {
    for (const busy of [false, true]) {
      const result = await once(specOf('timeout', { timeoutS: 1 }), { busy });
      expect(result).toMatchObject({ status: 'timeout', durationMs: 1000, environmentEnded: true });
      expect(payloadOf(result)).toEqual({
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]+ Error: Task timed out after 1\.00 seconds$/),
      });
    }
  });

  it('gives an error of the handler its own type and no type in the REPORT', async () => {
    const result = await once(specOf('random-fail'), { probability: 1 });
    expect(payloadOf(result)).toMatchObject({ errorType: 'Error', errorMessage: 'Bad luck.' });
    expect(payloadOf(result).trace[0]).toBe('Error: Bad luck.');
    expect(result.functionError).toBe('Unhandled');
    expect(result.errorType).toBeUndefined();
    expect(result.environmentEnded).toBe(false);
  });

  it('bounds how many processes a function can have, where groups can', async () => {
    if (executor.cpu === 'modelled' || !hasProcessGroups()) return;
    const loop = 'i=0; while [ $i -lt 1500 ]; do sleep 60 >/dev/null 2>&1 & i=$((i+1)); done; echo all';
    const source = `import { spawnSync } from 'node:child_process';
      export const handler = async () => {
        const { stdout, stderr } = spawnSync('/bin/sh', ['-c', ${JSON.stringify(loop)}], { encoding: 'utf8' });
        return { all: stdout.includes('all'), refused: /fork/i.test(stderr) };
      };`;
    expect(payloadOf(await once(node(source, { memoryMb: 2048 })))).toEqual({ all: false, refused: true });
  });

  it('does not shorten an init of which the start and the end are both seen late', async () => {
    const starting = executor.start(
      node('await new Promise((done) => setTimeout(done, 150)); export const handler = () => 1;'),
    );
    // Turns of this process that take longer than the whole init, as on a host that has too much to do.
    let isBusy = true;
    const block = () => {
      if (!isBusy) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
      // Only a later turn reads the clock again, so that the pause is one.
      setImmediate(() => setTimeout(block, 20));
    };
    setTimeout(block, 1);
    const environment = await starting.finally(() => {
      isBusy = false;
    });
    const { initDurationMs } = await invoke(environment);
    await environment.stop();
    expect(initDurationMs).toBeGreaterThan(150);
  });

  it('tells what init printed apart from what a call printed, also of an init that failed', async () => {
    const environment = await executor.start(
      node("console.log('loading'); export const handler = async () => console.log('called');"),
    );
    const [cold, warm] = [await invoke(environment), await invoke(environment)];
    await environment.stop();
    expect(cold.initOutput).toMatch(/^[^\n]*\tundefined\tINFO\tloading\n$/);
    expect(cold.output).toMatch(/^[^\n]*\tINFO\tcalled\n$/);
    expect([warm.initOutput, warm.output]).toEqual(['', expect.stringMatching(/\tcalled\n$/)]);
    const failing = await once(node("console.log('loading'); throw new Error('never ready');"));
    expect(failing.initOutput).toMatch(
      /loading\n.*never ready.*\nINIT_REPORT [^\n]*Phase: init[^\n]*\n.*loading\n.*never ready.*\nINIT_REPORT [^\n]*Phase: invoke[^\n]*\n$/,
    );
    expect(failing.output).toBe('');
  });

  it('puts a failed init into the first invocation, without an init duration', async () => {
    const result = await once(specOf('import-error'));
    expect(result.initDurationMs).toBeUndefined();
    expect(result.durationMs).toBeGreaterThan(5);
    expect(result).toMatchObject({ errorType: 'Runtime.ImportModuleError', environmentEnded: true });
    expect(payloadOf(result).errorMessage).toContain("Cannot find module 'a-package-that-does-not-exist'");
  });

  it('reports a runtime that exits while it loads', async () => {
    const result = await once(specOf('crash-init'));
    expect(result.errorType).toBe('Runtime.ExitError');
    expect(payloadOf(result).errorMessage).toMatch(/Error: Runtime exited with error: exit status 1$/);
  });

  it('retries an init that failed once, as Lambda does', async () => {
    // Nothing that an environment writes outlives it: what tells the tries apart is outside.
    let tries = 0;
    const outside = createServer((_, response) => {
      tries += 1;
      response.end(String(tries));
    }).listen(0, '127.0.0.1');
    await onceEmitted(outside, 'listening');
    const spec = specOf('', {
      codeFolder: written({
        bootstrap: `#!/bin/sh
if [ "$(curl -sS "$OUTSIDE")" = 1 ]; then exit 3; fi
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -o /dev/null -D - "$api/next" | grep -i request-id | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST "$api/$id/response" -d '"second try"' >/dev/null
done
`,
      }),
      runtime: 'provided.al2023',
      environment: { OUTSIDE: `http://127.0.0.1:${(outside.address() as AddressInfo).port}` },
    });
    const result = await once(spec);
    outside.close();
    expect(payloadOf(result)).toBe('second try');
    expect(result.initDurationMs).toBeUndefined();
  });

  it('freezes what is left after an answer: it goes on, and can end the runtime, in the next invocation', async () => {
    const environment = await executor.start(
      node(
        'let n = 0; export const handler = async () => { setTimeout(() => process.exit(5), 100); n += 1; await new Promise((done) => setTimeout(done, (n - 1) * 60_000)); return n; };',
      ),
    );
    const first = await invoke(environment);
    await wait(500);
    const second = await invoke(environment);
    await environment.stop();
    expect(payloadOf(first)).toBe(1);
    expect(second).toMatchObject({ status: 'error', errorType: 'Runtime.ExitError', environmentEnded: true });
    expect(payloadOf(second).errorMessage).toMatch(/Runtime exited with error: exit status 5$/);
  });

  it('starts a runtime again that was ended between two invocations', async () => {
    // What the freezer of v1 holds only dies when it goes on.
    if (executor.cpu === 'cgroup' && existsSync('/sys/fs/cgroup/freezer')) return;
    const environment = await executor.start(
      node('let n = 0; export const handler = async () => { n += 1; return [n, process.pid]; };'),
    );
    const first = await invoke(environment);
    process.kill(payloadOf(first)[1], 'SIGKILL');
    await wait(500);
    const second = await invoke(environment);
    await environment.stop();
    expect([payloadOf(first)[0], payloadOf(second)[0]]).toEqual([1, 1]);
    expect(second.initDurationMs).toBeUndefined();
  });

  it('ends a running invocation when it is stopped', async () => {
    const environment = await executor.start(specOf('timeout'));
    const running = invoke(environment);
    await wait(50);
    await environment.stop();
    expect(await running).toMatchObject({ status: 'error', errorType: 'Runtime.ExitError', environmentEnded: true });
    await expect(invoke(environment)).rejects.toThrow('ended');
  });

  it('reports exits and signals during an invocation', async () => {
    const exit = await once(node('export const handler = () => process.exit(7);'));
    expect(payloadOf(exit).errorMessage).toMatch(/Error: Runtime exited with error: exit status 7$/);
    const quiet = await once(node('export const handler = () => process.exit(0);'));
    expect(payloadOf(quiet).errorMessage).toMatch(/Error: Runtime exited without providing a reason$/);
    const killed = await once(node("export const handler = () => process.kill(process.pid, 'SIGKILL');"));
    expect(killed.errorType).toBe('Runtime.ExitError');
    expect(payloadOf(killed).errorMessage).toMatch(/signal: killed$/);
  });

  it('lets a full JavaScript heap end as memory does, one way or the other', async () => {
    const spec = node(
      'export const handler = () => { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); };',
      {
        memoryMb: 128,
      },
    );
    const result = await once(spec);
    const wasKilled = result.errorType === 'Runtime.OutOfMemory';
    const wasAborted = result.output.includes('heap out of memory') && result.payload.includes('signal: aborted');
    expect(wasKilled || wasAborted).toBe(true);
  });

  it('refuses a response above 6 MB', async () => {
    const result = await once(node("export const handler = async () => 'x'.repeat(7e6);"));
    expect(result.errorType).toBe('Function.ResponseSizeTooLarge');
    expect((await once(node("export const handler = async () => 'x'.repeat(6e6);"))).payload.length).toBe(6_000_002);
  });

  it('posts an unhandled rejection before it exits', async () => {
    const spec = node(
      "export const handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}); };",
    );
    const result = await once(spec);
    expect(payloadOf(result)).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
    expect(result.environmentEnded).toBe(true);
  });

  describe('Node handlers', () => {
    it.each([
      ['an ES module by name', { 'index.mjs': 'export const handler = async () => 1;' }, 'index.handler'],
      [
        'an ES module by package',
        { 'index.js': 'export const handler = async () => 1;', 'package.json': '{"type":"module"}' },
        'index.handler',
      ],
      ['CommonJS', { 'index.js': 'exports.handler = async () => 1;' }, 'index.handler'],
      ['CommonJS by name', { 'index.cjs': 'exports.handler = async () => 1;' }, 'index.handler'],
      ['a folder', { 'src/app.js': 'exports.handler = async () => 1;' }, 'src/app.handler'],
      ['a nested export', { 'index.js': 'exports.a = { b: async () => 1 };' }, 'index.a.b'],
      [
        'a callback',
        { 'index.js': 'exports.handler = (event, context, callback) => setTimeout(() => callback(null, 1), 5);' },
        'index.handler',
      ],
      ['context.succeed', { 'index.js': 'exports.handler = (event, context) => context.succeed(1);' }, 'index.handler'],
      [
        'a callback that waits for no timers',
        {
          'index.js':
            'exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 1); };',
        },
        'index.handler',
      ],
    ])('may be %s', async (_, files, handler) => {
      const result = await once(specOf('', { codeFolder: written(files as Record<string, string>), handler }));
      expect(payloadOf(result)).toBe(1);
    });

    it('answer null when nothing is returned, and wait for what a callback leaves running', async () => {
      expect(payloadOf(await once(node('export const handler = () => {};')))).toBe(null);
      const waits =
        "exports.handler = (event, context, callback) => { callback(null, 'first'); setTimeout(() => console.log('later'), 60); };";
      const result = await once(node(waits, {}, 'index.js'));
      expect(payloadOf(result)).toBe('first');
      expect(result.output).toContain('later');
    });

    it('fail to load with the names of the real runtime', async () => {
      const typeOf = async (spec: EnvironmentSpec) => (await once(spec)).errorType;
      expect(await typeOf(node('export const handler = ;'))).toBe('Runtime.UserCodeSyntaxError');
      expect(await typeOf(node('export const other = 1;'))).toBe('Runtime.HandlerNotFound');
      expect(await typeOf(node('export const handler = 1;', { handler: 'missing.handler' }))).toBe(
        'Runtime.ImportModuleError',
      );
      expect(await typeOf(node("throw new Error('at load');"))).toBe('Runtime.Unknown');
    });

    it('get the context of their invocation', async () => {
      const {
        context,
        env,
        tmpdir: seenTmp,
        tmpEntries,
      } = payloadOf(await once(specOf('env-echo', { timeoutS: 10, environment: { STAGE: 'test' } })));
      expect(context).toMatchObject({
        functionName: 'sample',
        functionVersion: '1',
        memoryLimitInMB: '512',
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sample:1',
        logGroupName: '/aws/lambda/sample',
        callbackWaitsForEmptyEventLoop: true,
      });
      expect(context.awsRequestId).toMatch(/^00000000-0000-4000-8000-/);
      expect(context.remainingMs).toBeGreaterThan(5000);
      expect(context.remainingMs).toBeLessThanOrEqual(10_000);
      expect(env).toMatchObject({ STAGE: 'test', AWS_LAMBDA_FUNCTION_NAME: 'sample', TZ: ':UTC' });
      expect(env._X_AMZN_TRACE_ID).toBe('Root=1-6ac7d554-62c6be2f6c1bd8032dac9acf;Sampled=0');
      expect(tmpEntries).toEqual([]);
      expect(seenTmp === '/tmp' || seenTmp.endsWith('/tmp')).toBe(true);
    });

    it('log with time, request id and level, or as JSON', async () => {
      const source =
        "export const handler = async () => { console.log('hello %d', 1); console.warn(new Error('careful')); };";
      expect((await once(node(source))).output).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z\t00000000-0000-4000-8000-\d+\tINFO\thello 1\n.*\tWARN\tError: careful\n/,
      );
      const [line = '', warning = ''] = (await once(node(source, { logFormat: 'JSON' }))).output.split('\n');
      expect(JSON.parse(line)).toMatchObject({ level: 'INFO', message: 'hello 1' });
      expect(JSON.parse(warning)).toMatchObject({
        level: 'WARN',
        message: { errorType: 'Error', errorMessage: 'careful' },
      });
    });
  });

  describe('Python handlers', () => {
    it('get a context, print and log', async () => {
      const result = await once(
        python(`import logging
logging.getLogger().setLevel(logging.INFO)
def handler(event, context):
    print("printed")
    logging.info("logged")
    return [context.aws_request_id, context.get_remaining_time_in_millis(), context.function_name, context.memory_limit_in_mb, event]
`),
        { a: 'ü' },
      );
      const [requestId, remainingMs, ...rest] = payloadOf(result);
      expect(rest).toEqual(['sample', '512', { a: 'ü' }]);
      expect(remainingMs).toBeGreaterThan(20_000);
      expect(remainingMs).toBeLessThanOrEqual(30_000);
      expect(result.output).toMatch(
        new RegExp(`^printed\\n\\[INFO\\]\\t\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${requestId}\\tlogged\\n$`),
      );
    });

    it('fail with the shapes of the real runtime', async () => {
      const raised = await once(python('def handler(event, context):\n    raise KeyError("x")\n'));
      expect(payloadOf(raised)).toMatchObject({ errorType: 'KeyError', errorMessage: "'x'" });
      expect(payloadOf(raised).stackTrace[0]).toContain('app.py", line 2, in handler');
      expect(raised.errorType).toBeUndefined();
      const typeOf = async (spec: EnvironmentSpec) => (await once(spec)).errorType;
      expect(await typeOf(python('import not_there\n'))).toBe('Runtime.ImportModuleError');
      expect(await typeOf(python('def handler(:\n'))).toBe('Runtime.UserCodeSyntaxError');
      expect(await typeOf(python('x = 1\n'))).toBe('Runtime.HandlerNotFound');
      const unserializable = await once(python('def handler(event, context):\n    return {1, 2}\n'));
      expect(payloadOf(unserializable).errorType).toBe('Runtime.MarshalError');
    });
  });

  describe('custom runtimes', () => {
    it('may be a shell script', async () => {
      const result = await once(specOf('provided-shell', { runtime: 'provided.al2023' }), { a: 1 });
      expect(payloadOf(result)).toEqual({ shell: true, event: { a: 1 } });
      expect(result.output).toMatch(/^handling 00000000-/);
    });

    it('find every variable and header that strict clients insist on', async () => {
      const result = await once(specOf('provided-node', { runtime: 'provided.al2023' }), { a: 1 });
      expect(payloadOf(result)).toEqual({ handler: 'index.handler', event: { a: 1 } });
    });

    it('are refused when they cannot be started here', async () => {
      const otherMachine = Buffer.alloc(64);
      otherMachine.write('\x7fELF', 'latin1');
      otherMachine.writeUInt16LE(0x2b, 18);
      const code = written({ bootstrap: '' });
      writeFileSync(join(code, 'bootstrap'), otherMachine);
      const result = await once(specOf('', { codeFolder: code, runtime: 'provided' }));
      expect(result.errorType).toBe('Runtime.InvalidEntrypoint');
      expect(payloadOf(result).errorMessage).toContain('exec format error');
      const missing = await once(specOf('cpu-node', { runtime: 'provided' }));
      expect(payloadOf(missing).errorMessage).toContain("Couldn't find valid bootstrap(s)");
    });

    it.each([
      ['whose line ends are CRLF', '#!/bin/sh\r\necho hi\r\n', /no such file or directory \(the line ends are CRLF/],
      ['whose interpreter is not there', '#!/nowhere/sh -e\n', /no such file or directory$/],
    ])('are refused when they are scripts %s', async (_, bootstrap, said) => {
      const result = await once(specOf('', { codeFolder: written({ bootstrap }), runtime: 'provided' }));
      expect(result.errorType).toBe('Runtime.InvalidEntrypoint');
      expect(payloadOf(result).errorMessage).toMatch(said);
      // Its one is of init, the other of the try within the call.
      expect(result.initOutput).toMatch(
        /^INIT_REPORT .*\tPhase: init\t.*InvalidEntrypoint\nINIT_REPORT .*\tPhase: invoke\t.*\n$/,
      );
    });

    it('log their own complaints, and none of the scripts that start them', async () => {
      const own = await once(
        specOf('', { codeFolder: written({ bootstrap: '#!/bin/sh\nexec ./server\n' }), runtime: 'provided' }),
      );
      expect(own.initOutput).toMatch(/bootstrap: .*\.\/server: not found/);
      // Only /opt is believed unseen; then the shell before it complains.
      const ours = await once(
        specOf('', { codeFolder: written({ bootstrap: '#!/opt/nowhere/sh\n' }), runtime: 'provided' }),
      );
      expect(payloadOf(ours).errorMessage).toContain('exit status 127');
      expect(ours.initOutput.replaceAll(/^INIT_REPORT .*\n/gm, '')).toBe('');
    });
  });

  it('passes on nothing of the host environment', async () => {
    const { env } = payloadOf(await once(specOf('env-echo')));
    const secrets = Object.keys(process.env).filter((name) => !/^(PATH|HOME|PWD|LANG|TZ|TMPDIR|AWS_.*)$/.test(name));
    expect(Object.keys(env).filter((name) => secrets.includes(name))).toEqual([]);
    // Without control groups what a function leaves behind is found by a variable of ours.
    const own = Object.keys(env).filter((name) => name.startsWith('_TUNE'));
    expect(own).toEqual(executor.cpu === 'cgroup' ? [] : ['_TUNE_ENVIRONMENT']);
    expect(env.HOME).not.toBe(process.env.HOME);
    expect(env.AWS_SECRET_ACCESS_KEY).toBe('local');
  });

  it('keeps the function able to write only what /tmp may hold', async () => {
    const spec = node(
      `import { appendFileSync } from 'node:fs'; import { tmpdir } from 'node:os';
       export const handler = async () => { try { for (let i = 0; i < 600; i += 1) appendFileSync(tmpdir() + '/big', Buffer.alloc(1024 * 1024)); return 'all'; } catch (error) { return error.code; } };`,
      { memoryMb: 1769 },
    );
    expect(['ENOSPC', 'EFBIG']).toContain(payloadOf(await once(spec)));
  });

  it('kills forked processes that ignore SIGTERM, with their control groups and folders', async () => {
    const environment = await executor.start(specOf('forks', { timeoutS: 2 }));
    const { pids } = payloadOf(await invoke(environment));
    const running = () => pids.filter((pid: number) => isRunning(pid, (path) => readFileSync(path, 'utf8')));
    expect(running()).toEqual(pids);
    await environment.stop();
    await environment.stop();
    // The kernel ends what was killed when it next gives it a turn.
    await expect.poll(running, { timeout: 10_000 }).toEqual([]);
  });

  it('kills them after a timeout, too', async () => {
    const environment = await executor.start(specOf('forks', { timeoutS: 1 }));
    const result = await invoke(environment, { wait: true });
    const pids: number[] = JSON.parse(result.output.slice(result.output.indexOf('[')));
    expect(pids).toHaveLength(2);
    const running = () => pids.filter((pid) => isRunning(pid, (path) => readFileSync(path, 'utf8')));
    await expect.poll(running, { timeout: 10_000 }).toEqual([]);
  });

  it('survives a flood of output', async () => {
    const result = await once(
      node(
        "export const handler = async () => { const line = 'x'.repeat(65535) + '\\n'; for (let i = 0; i < 1000; i += 1) process.stdout.write(line); return 1; };",
      ),
    );
    expect(payloadOf(result)).toBe(1);
    expect(result.output.length).toBeLessThan(1_100_000);
    expect(result.output).toContain('bytes of output were not kept');
  });

  it('refuses runtimes it does not have with a hint', async () => {
    await expect(executor.start(specOf('cpu-node', { runtime: 'java21' }))).rejects.toMatchObject({ code: 'TARGET' });
  });

  it('says when the machine has another version of a runtime', async () => {
    await once(specOf('cpu-node', { runtime: 'nodejs99.x' }), { iterations: 1 });
    expect(executor.notices().map((notice) => notice.text)).toContain(
      `nodejs99.x is run with this machine's Node.js ${process.version}.`,
    );
  });
});
