import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSchemaCommand, SchemasClient } from '@aws-sdk/client-schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcess } from '../../src/host/processTable.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, createOrders, type Finished, openAccount, savedRun, startTune } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '512', '--architecture', 'x86_64', '--yes', '--json'];
const role = 'arn:aws:iam::000000000000:role/tuner';

/** What people send, what they do around it, and how they reach the account: with the real binary. */
describe('payloads, hooks and roles', () => {
  let account: Account;
  let folder: string;
  /** What functions were sent, by name: all copies are called "copy". */
  let sent: { readonly name: string; readonly body: string; readonly atMs: number }[];
  beforeEach(async () => {
    sent = [];
    const executor = scriptedExecutor(
      ({ spec, event }) => {
        const name = spec.functionName.startsWith('tune-') ? 'copy' : spec.functionName;
        sent.push({ name, body: event.body.toString('utf8'), atMs: Date.now() });
        const failure = name === 'broken' ? { errorType: 'Oops', errorMessage: 'canary-hook-words' } : undefined;
        const payload = name === 'prepare' ? { prepared: true } : { answered: 42 };
        return { durationMs: 20, initDurationMs: 100, maxMemoryUsedMb: 70, payload, ...(failure && { failure }) };
      },
      { waiting: 'none' },
    );
    account = await openAccount({ executor });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'inputs-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });
  const run = (...flags: readonly string[]) =>
    runTuneQuickly([...sweep, '--invocations', '4', '--concurrency', '1', ...flags], account.env, { cwd: folder });
  const bodies = (name = 'copy') => sent.filter((one) => one.name === name).map(({ body }) => body);
  const put = (name: string, text: string) => writeFile(join(folder, name), text);
  const script = async (name: string, text: string) => {
    await put(name, `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
    return `./${name}`;
  };
  const everything = async (finished: Finished) => {
    const entries = await readdir(account.stateFolder, { recursive: true, withFileTypes: true });
    const files = entries.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath, one.name), 'utf8'));
    return [finished.stdout, finished.stderr, ...(await Promise.all(files))].join('\n');
  };

  describe('--payload test-event:NAME', () => {
    const share = (examples: object) =>
      new SchemasClient({
        endpoint: account.endpoint.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      }).send(
        new CreateSchemaCommand({
          RegistryName: 'lambda-testevent-schemas',
          SchemaName: '_orders-schema',
          Type: 'OpenApi3',
          Content: JSON.stringify({ openapi: '3.0.0', info: {}, paths: {}, components: { examples } }),
        }),
      );

    it('sends what the console and SAM share', async () => {
      await share({ checkout: { value: { order: 7 } }, empty: { value: {} } });
      const finished = await run('--payload', 'test-event:checkout');
      expect(finished.code).toBe(0);
      expect(new Set(bodies())).toEqual(new Set(['{"order":7}']));
    });

    it('that is not there is refused with the names of those that are, before anything is created', async () => {
      await share({ checkout: { value: {} }, refund: { value: {} } });
      const finished = await run('--payload', 'test-event:chekout');
      expect(finished).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('orders has no shared test event "chekout".'),
      });
      expect(finished.stderr).toContain('test-event:checkout, test-event:refund');
      expect(sent).toEqual([]);
    });

    it('of a function that has none says how to save one', async () => {
      const finished = await run('--payload', 'test-event:any');
      expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining('sam remote test-event put') });
    });
  });

  it('--payload s3://… is read once, and what is not there is named', async () => {
    await account.s3.send(new CreateBucketCommand({ Bucket: 'events' }));
    await account.s3.send(new PutObjectCommand({ Bucket: 'events', Key: 'a/order.json', Body: '{"from":"s3"}' }));
    account.under({});
    expect((await run('--payload', 's3://events/a/order.json')).code).toBe(0);
    expect(new Set(bodies())).toEqual(new Set(['{"from":"s3"}']));
    expect(account.endpoint.calls().filter(({ operation }) => operation === 'GetObject')).toHaveLength(1);
    expect(await run('--payload', 's3://events/none.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no s3://events/none.json.'),
    });
  });

  it('--payload of a folder sends each file by its weight, and saves hashes alone', async () => {
    await mkdir(join(folder, 'events'));
    await put('events/small@3.json', '{"canary-small":1}');
    await put('events/big.json', '{"canary-big":1}');
    const finished = await run('--payload', 'events', '--invocations', '8');
    expect(savedRun(finished).options.payloads.map(({ name, weight }) => [name, weight])).toEqual([
      ['big', 1],
      ['small', 3],
    ]);
    // The cold call, and of eight warm ones three in four.
    expect(bodies().filter((body) => body.includes('small'))).toHaveLength(1 + 6);
    expect(await everything(finished)).not.toContain('canary-');
  });

  it('--payload of a .jsonl file sends its lines in turn, the same to every size', async () => {
    await put('events.jsonl', '{"n":1}\n{"n":2}\n\n{"n":3}\n');
    const finished = await run('--payload', 'events.jsonl', '--invocations', '5', '--memory', '512,1024');
    const { configurations, options } = savedRun(finished);
    expect(options.payloads).toMatchObject([{ name: 'payload', lines: 3 }]);
    const lines = configurations.map(({ measurements }) => measurements.map(({ payload }) => payload));
    expect(lines).toEqual([
      ['line 1', 'line 1', 'line 2', 'line 3', 'line 1', 'line 2'],
      ['line 1', 'line 1', 'line 2', 'line 3', 'line 1', 'line 2'],
    ]);
  });

  it('- is JSON or JSON Lines, and entries of --payloads in lines are drawn by weight', async () => {
    const piped = (text: string, ...flags: readonly string[]) =>
      runTuneQuickly([...sweep, '--concurrency', '1', ...flags], account.env, {
        cwd: folder,
        stdin: Buffer.from(text),
      });
    expect((await piped('{\n"n": 1\n}', '--payload', '-', '--invocations', '2')).code).toBe(0);
    expect(new Set(bodies())).toEqual(new Set(['{\n"n": 1\n}']));
    sent.length = 0;
    expect((await piped('{"n":1}\n{"n":2}\n', '--payload', '-', '--invocations', '2')).code).toBe(0);
    expect(bodies().slice(-2)).toEqual(['{"n":1}', '{"n":2}']);
    sent.length = 0;
    const entries = '{"payload":{"n":1},"weight":3}\n{"payload":{"n":2},"weight":1}\n';
    expect((await piped(entries, '--payloads', '-', '--invocations', '8')).code).toBe(0);
    // The cold call, and of eight warm ones three in four.
    expect(bodies().filter((body) => body === '{"n":1}')).toHaveLength(1 + 6);
    const folded = await run('--payloads', folder);
    expect(folded).toMatchObject({ code: 2, stderr: expect.stringContaining(`--payload ${folder}`) });
  });

  it('--payload sample:sqs*10 sends a batch, and the plan says how large it is', async () => {
    const finished = await run('--payload', 'sample:sqs*10');
    expect(JSON.parse(bodies()[0] ?? '').Records).toHaveLength(10);
    expect(finished.stderr).toMatch(/Sends +1 payload of \d\.\d KB\./);
    expect(finished.stderr).not.toContain('personal data');
  });

  it('names what looks like personal data before the run, and never what it is', async () => {
    await put('order.json', '{"customer":{"email":"canary@shop.test","password":"canary-2"}}');
    const finished = await run('--payload', 'order.json');
    expect(finished.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'e-mail address at /customer/email; secret by its name at /customer/password',
    );
    expect(await everything(finished)).not.toContain('canary');
  });

  describe('hooks', () => {
    it('that are functions make the payload and get the answer, once per call', async () => {
      await account.create({ FunctionName: 'prepare' });
      await account.create({ FunctionName: 'verify' });
      const finished = await run('--payload', '{"raw":1}', '--before', 'prepare', '--after', 'lambda:verify');
      expect(finished.code).toBe(0);
      expect(new Set(bodies('prepare'))).toEqual(new Set(['{"raw":1}']));
      expect(new Set(bodies())).toEqual(new Set(['{"prepared":true}']));
      expect(new Set(bodies('verify'))).toEqual(new Set(['{"answered":42}']));
      expect([bodies('prepare').length, bodies('verify').length]).toEqual([5, 5]);
      const { configurations, spend, options } = savedRun(finished);
      // Their time is in no figure, and their money is in what was spent.
      expect(configurations[0]?.warm?.durationMs.mean).toBe(20);
      const calls = configurations[0]?.measurements.reduce((sum, one) => sum + ('costUsd' in one ? one.costUsd : 0), 0);
      expect(spend.actualUsd).toBeGreaterThan(calls ?? 0);
      expect(options.hooks).toEqual({ before: 'function', after: 'function' });
      expect(finished.stderr).toContain('a function before each call, a function after each call');
    });

    it('that are functions are in the estimate and under the cap', async () => {
      await account.create({ FunctionName: 'prepare', MemorySize: 10240, Timeout: 900 });
      const dry = (...flags: readonly string[]) => run('--dry-run', ...flags).then(savedRun);
      const [plain, hooked] = [await dry(), await dry('--before', 'prepare')];
      // Seven calls of 910 s at 10 GB, at the price of x86_64 in us-east-1.
      const worst = (hooked.spend.worstCaseUsd ?? 0) - (plain.spend.worstCaseUsd ?? 0);
      expect(worst).toBeCloseTo(7 * (910 * 10 * 0.0000166667 + 0.0000002), 3);
      expect(hooked.spend.estimatedUsd).toBeGreaterThan(plain.spend.estimatedUsd);
      const finished = await run('--before', 'prepare', '--max-spend-usd', '0.1');
      expect([savedRun(finished).ended, sent]).toEqual(['spendCap', []]);
    });

    it('that are commands get the payload on standard input and answer on standard output', async () => {
      const before = await script('before.sh', 'sed s/raw/cooked/; echo run >> runs.txt');
      const after = await script('after.sh', 'cat > answer.json');
      const finished = await run('--payload', '{"raw":1}', '--before', before, '--after', after);
      expect(finished.code).toBe(0);
      expect(new Set(bodies())).toEqual(new Set(['{"cooked":1}\n'.trim()]));
      expect(await readFile(join(folder, 'answer.json'), 'utf8')).toBe('{"answered":42}');
      expect((await readFile(join(folder, 'runs.txt'), 'utf8')).split('\n')).toHaveLength(5 + 1);
    });

    it('that fail once leave a sample that is not measured, and no trace of their words', async () => {
      const before = await script(
        'before.sh',
        'cat > /dev/null; echo x >> n; if [ $(wc -l < n) -eq 3 ]; then echo canary-words >&2; exit 7; fi',
      );
      const finished = await run('--before', before);
      const [row] = savedRun(finished).configurations;
      expect(row?.failures).toMatchObject({ unreported: 1, functionError: 0 });
      expect(row?.measurements.filter(({ outcome }) => outcome === 'unreported')).toMatchObject([
        { hook: 'before', reason: 'the hook --before failed: it exited with 7; the call was not made' },
      ]);
      expect(row?.warm?.count).toBe(3);
      expect(bodies()).toHaveLength(4);
      expect(savedRun(finished).warnings.map(({ code }) => code)).toContain('hookFailed');
      expect(await everything(finished)).not.toContain('canary-words');
    });

    it('that always fail end the run with the hook’s name, and everything is removed', async () => {
      await account.create({ FunctionName: 'broken' });
      const finished = await run('--after', 'broken');
      expect(finished.code).toBe(3);
      expect(finished.stderr).toContain('The hook --after failed 5 times in a row: the function failed.');
      expect(await everything(finished)).not.toContain('canary-hook-words');
      expect(JSON.stringify(account.endpoint.snapshot().functions)).not.toContain('function:tune-');
    });

    it('of the run are called once around it, the last one also when the run fails', async () => {
      const log = (word: string) => script(`${word}.sh`, `cat >> ${word}.txt; echo ${word} >> order.txt`);
      const flags = ['--before-run', await log('first'), '--after-run', await log('last')];
      expect((await run(...flags)).code).toBe(0);
      expect(await readFile(join(folder, 'order.txt'), 'utf8')).toBe('first\nlast\n');
      expect(JSON.parse(await readFile(join(folder, 'last.txt'), 'utf8'))).toMatchObject({
        function: 'orders',
        ended: 'measured',
      });
      const failing = await run(...flags, '--before', await script('fail.sh', 'exit 1'));
      expect(failing.code).toBe(3);
      expect(await readFile(join(folder, 'order.txt'), 'utf8')).toBe('first\nlast\nfirst\nlast\n');
    });

    it('of the run are called after an interruption, and a command is ended with all that it started', async () => {
      const pids = join(folder, 'pids.txt');
      const before = await script('before.sh', 'sleep 300 & echo $! >> pids.txt; echo waiting >> started.txt; wait');
      const after = await script('last.sh', 'cat > last.json');
      const flags = ['--before', before, '--after-run', after];
      const running = startTune([...sweep, ...flags], account.env, folder);
      for (;;) {
        if ((await readFile(join(folder, 'started.txt'), 'utf8').catch(() => '')) !== '') break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      running.kill('SIGINT');
      expect((await running.finished).code).toBe(130);
      expect(JSON.parse(await readFile(join(folder, 'last.json'), 'utf8'))).toMatchObject({ ended: 'interrupted' });
      const alive = (await readFile(pids, 'utf8')).trim().split('\n').filter(isRunning);
      expect(alive).toEqual([]);
    });

    it('that is a function cannot prepare for a path, and one that is not there is named', async () => {
      await mkdir(join(folder, 'code'));
      await put('code/index.mjs', 'export const handler = async () => 1;');
      const local = await runTuneQuickly(['--function', './code', '--before', 'prepare'], account.env, { cwd: folder });
      expect(local).toMatchObject({ code: 2, stderr: expect.stringContaining('--before ./script.sh') });
      expect(await run('--before', 'nobody')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('There is no function nobody in us-east-1 for --before.'),
      });
    });

    it('that are functions have a version that is there, and are not the function that is measured', async () => {
      await account.create({ FunctionName: 'prepare' });
      expect(await run('--before', 'prepare:9')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('There is no function prepare:9 in us-east-1 for --before.'),
      });
      for (const hook of ['orders', 'orders:live', 'arn:aws:lambda:us-east-1:000000000000:function:orders']) {
        expect(await run('--after', hook)).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('--after names orders, the function that is measured.'),
        });
      }
      expect(sent).toEqual([]);
    });

    it('get the user’s own environment, and no credentials of the role', async () => {
      const before = await script('before.sh', 'env > env.txt; cat > /dev/null');
      await run('--before', before, '--assume-role', role);
      const env = await readFile(join(folder, 'env.txt'), 'utf8');
      expect(env).toContain('AWS_ACCESS_KEY_ID=AKIATESTTESTTESTTEST');
      expect(env).toContain('TUNE_HOOK=before');
      expect(env).not.toContain('ASIA');
      expect(env).not.toContain('AWS_SESSION_TOKEN');
    });
  });

  it('--max-rate and --pause space the calls out, and are in the expected time', async () => {
    const flags = ['--invocations', '4', '--concurrency', '1', '--max-rate', '10/s', '--pause', '150ms'];
    const finished = await runTuneQuickly([...sweep, ...flags], account.env, { cwd: folder, speed: 1 });
    expect(finished.stderr.replaceAll(/\s+/g, ' ')).toContain('and 10 a second, 150 ms apart in an environment');
    const at = sent.filter(({ name }) => name === 'copy').map(({ atMs }) => atMs);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(4 * 140);
    expect(savedRun(finished).options).toMatchObject({ maxRatePerS: 10, pauseMs: 150 });
  });

  describe('--assume-role', () => {
    it('reaches the account as the role, on every command that does', async () => {
      const flags = ['--assume-role', role, '--external-id', 'canary-external', '--role-session-name', 'nightly'];
      const finished = await run(...flags);
      expect(finished.code).toBe(0);
      expect(savedRun(finished).options.assumedRole).toBe(role);
      const doctor = await runTuneQuickly(['doctor', ...flags], account.env, { cwd: folder });
      expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain('assumed-role/tuner/nightly');
      const cleaned = await runTuneQuickly(['cleanup', ...flags], account.env, { cwd: folder });
      expect([cleaned.code, cleaned.stdout]).toEqual([0, 'clean: 0 removed\n']);
      const observed = await runTuneQuickly(['observe', '--function', 'orders', ...flags], account.env, {
        cwd: folder,
      });
      expect([observed.code, observed.stdout]).toEqual([
        0,
        expect.stringContaining('orders was not called in the period.'),
      ]);
      expect(
        (await runTuneQuickly(['policy', '--function', 'orders', ...flags], account.env, { cwd: folder })).code,
      ).toBe(0);
    });

    it('that is refused says which role, what AWS said, and what to check', async () => {
      const finished = await run('--assume-role', 'arn:aws:iam::999999999999:role/other', '--external-id', 'canary-id');
      expect(finished.code).toBe(3);
      const said = finished.stderr.replaceAll(/\s+/g, ' ');
      expect(said).toContain('The role arn:aws:iam::999999999999:role/other cannot be assumed (AccessDenied: User:');
      expect(said).toContain('trust policy');
      expect(said).not.toContain('canary-id');
    });

    it('is in the clean-up command that a hard exit shows, and in the journal', async () => {
      const before = await script('before.sh', 'echo on >> started.txt; sleep 1; cat');
      const running = startTune([...sweep, '--assume-role', role, '--before', before], account.env, folder);
      for (;;) {
        if ((await readFile(join(folder, 'started.txt'), 'utf8').catch(() => '')) !== '') break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const [journal = ''] = await account.journals();
      expect(await readFile(join(account.stateFolder, 'journals', journal), 'utf8')).toContain(`"role":"${role}"`);
      running.kill('SIGKILL');
      await running.finished;
      const cleaned = await runTuneQuickly(['cleanup', '--assume-role', role], account.env, { cwd: folder });
      expect(cleaned.code).toBe(0);
    });

    it('needs a role where something is said of one', async () => {
      expect(await run('--external-id', 'abc')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--external-id says something of a role, and none is named'),
      });
    });
  });
});

/** One that was killed and not yet collected by its parent does nothing any more. */
function isRunning(pid: string): boolean {
  const found = readProcess(Number(pid));
  return typeof found === 'object' && !found.ended;
}
