import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun, startTune } from './support.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('a function whose URL streams', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  let fails = false;
  let slow = false;
  beforeAll(async () => {
    account = await openAccount({
      executor: scriptedExecutor(
        () => ({
          durationMs: slow ? 4000 : 20,
          streams: { contentType: 'text/plain', chunks: ['first ', Buffer.alloc(500_000, 'x')] },
          ...(fails ? { failure: { errorType: 'TypeError', errorMessage: 'broke in the middle' } } : {}),
        }),
        { waiting: 'real' },
      ),
    });
    await createOrders(account);
    await account.lambda.send(
      new CreateFunctionUrlConfigCommand({
        FunctionName: 'orders',
        AuthType: 'AWS_IAM',
        InvokeMode: 'RESPONSE_STREAM',
      }),
    );
    folder = await mkdtemp(join(tmpdir(), 'streaming-'));
    account.under({});
    before = accountPicture(account.endpoint.snapshot());
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });
  const base = ['--function', 'orders', '--yes', '--architecture', 'x86_64', '--memory', '512', '-n', '6'];

  it('has its first byte shown by a check and by a migration, too, beside what is judged', async () => {
    const check = ['check', '--function', 'orders', '--yes', '--against-variant', 'env:MODE=lean'];
    const checked = await runTune([...check, '--report', 'markdown=check.md'], account.env, folder);
    const told =
      /Streamed answers, warm calls, medians by the client’s clock with the network: current first byte after [\d.]+ ms, complete after [\d.]+ ms; baseline first byte after [\d.]+ ms/;
    expect(flat(checked.stdout)).toMatch(told);
    const migrated = await runTune(['migrate', '--function', 'orders', '--yes', '-n', '6'], account.env, folder);
    expect(flat(migrated.stdout)).toMatch(/first byte, p50/);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('is read while it writes: first byte, total and bytes beside the duration of the REPORT', async () => {
    const finished = await runTune([...base, '--json'], account.env, folder);
    expect(finished.code).toBe(0);
    expect(flat(finished.stderr)).toContain('since the URL of the function streams');
    const run = savedRun(finished);
    expect(run.options.stream).toBe('url');
    const warm = run.configurations[0]?.warm;
    expect(warm?.stream?.bytes).toEqual({ mean: 500_006, min: 500_006, max: 500_006 });
    expect(warm?.stream?.totalMs.p50).toBeGreaterThanOrEqual(20);
    expect(warm?.stream?.totalMs.meanInterval?.high).toBeGreaterThan(20);
    expect(warm?.stream?.firstByteMs?.p50).toBeLessThanOrEqual(warm?.stream?.totalMs.p50 ?? 0);
    expect(warm?.durationMs.mean).toBe(20);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('is shown so in the text, in Markdown, HTML and CSV', async () => {
    const { stdout, code } = await runTune(
      [...base, '--report', 'markdown=run.md', '--report', 'html=run.html', '--report', 'csv-summary=run.csv'],
      account.env,
      folder,
    );
    expect(code).toBe(0);
    expect(flat(stdout)).toMatch(
      /Streaming .*the first byte came after .* the answer was complete after .* Lambda reports 20\.0 ms\. Answers of 500\.0 KB\./,
    );
    expect(stdout).toMatch(/first +total/);
  });

  it('that fails in the middle is a function error, with its words', async () => {
    fails = true;
    const finished = await runTune([...base, '--json'], account.env, folder);
    fails = false;
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('broke in the middle');
  });

  it('whose connection breaks is unreported: nobody knows what it took', async () => {
    account.under({ faults: ({ operation }) => (operation === 'InvokeWithResponseStream' ? 'cutBody' : undefined) });
    const finished = await runTune([...base, '--json'], account.env, folder);
    account.under({});
    expect(finished.code).toBe(3);
    expect(savedRun(finished).configurations[0]?.measurements[0]).toMatchObject({
      outcome: 'unreported',
      reason: expect.stringMatching(/^the stream (broke off|ended) after \d+ bytes/),
    });
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('whose REPORT is not in the tail is looked for in the logs', async () => {
    account.under({ report: 'onlyInLogs' });
    const run = savedRun(await runTune([...base, '--json'], account.env, folder));
    account.under({});
    expect(run.configurations[0]?.warm).toMatchObject({ count: 6, durationMs: { mean: 20 } });
  });

  it('is no longer waited for after Ctrl-C, and its copies are removed', async () => {
    slow = true;
    const running = startTune(base, account.env, folder);
    while (!/Trying a copy|Measuring/.test(running.stderr())) await new Promise((resolve) => setTimeout(resolve, 50));
    running.kill('SIGINT');
    const { code } = await running.finished;
    slow = false;
    expect(code).toBe(130);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });
});

describe('an answer of 20 MB', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamed-'));
    await mkdir(join(folder, 'big'));
    await writeFile(
      join(folder, 'big', 'index.mjs'),
      `import { once } from 'node:events';
       const part = Buffer.alloc(1024 * 1024, 'x');
       export const handler = awslambda.streamifyResponse(async (event, stream) => {
         for (let n = 0; n < 20; n += 1) if (!stream.write(part)) await once(stream, 'drain');
         stream.end();
       });`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is counted, its price beyond 6 MB is in the cost, and the clock of the machine is known', async () => {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: join(folder, 'state') };
    const finished = await runTune(
      ['-f', './big', '--stream', '--memory', '1024', '--architecture', 'x86_64', '-n', '3', '-y', '--json'],
      env,
      folder,
    );
    expect([finished.code, finished.stderr.match(/^tune: .*fail.*/m)]).toEqual([0, null]);
    const run = savedRun(finished);
    expect(run.options.stream).toBe('asked');
    const [first] = run.configurations[0]?.measurements ?? [];
    expect(first).toMatchObject({ outcome: 'succeeded', stream: { bytes: 20_971_520 } });
    if (first?.outcome !== 'succeeded') throw new Error('it did not succeed');
    expect(first.rawDurationMs).toBeGreaterThan(0);
    // 14 MB at US$ 0.008 a GB
    expect(first.costUsd - (first.billedDurationMs / 1000) * 0.0000166667 - 0.0000002).toBeCloseTo(0.000109375, 9);
  });
});
