import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { type Account, canary, createOrders, openAccount, runTune, savedRun, startTune } from './support.ts';

/** Long enough to be interrupted, on two sizes. */
const sweep = [
  '--function',
  'orders',
  '--memory',
  '256,512',
  '--architecture',
  'x86_64',
  '--invocations',
  '40',
  '--json',
];
const planned = 2 * 42;

describe('tune --resume', () => {
  let account: Account;
  let folder: string;
  let isBroken = false;
  beforeEach(async () => {
    isBroken = false;
    const executor = scriptedExecutor(
      ({ environment, invocation }) => ({
        durationMs: 80 + 4 * Math.sin(3 * environment + 5 * invocation),
        initDurationMs: 400,
        ...(isBroken ? { failure: { errorType: 'Error', errorMessage: 'the table is gone' } } : {}),
        maxMemoryUsedMb: 70,
      }),
      { waiting: 'real' },
    );
    account = await openAccount({ executor });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'resume-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });
  const records = () => readdir(join(account.stateFolder, 'runs')).catch(() => []);
  const recordFile = (run: string) => join(account.stateFolder, 'runs', `${run}.jsonl`);
  const linesOf = async (run: string) =>
    (await readFile(recordFile(run), 'utf8').catch(() => '')).split('\n').length - 2;
  const invoked = () => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;
  const resume = (...flags: readonly string[]) =>
    runTune(['--resume', 'first', '--yes', ...flags], account.env, folder);

  /** Ends a run by `signal` when it has measured a little. */
  async function cutShort(signal: NodeJS.Signals, ...flags: readonly string[]) {
    const run = startTune([...sweep, '--run-id', 'first', '--yes', ...flags], account.env, folder);
    let lines = 0;
    while (lines < 12) lines = await linesOf('first');
    run.kill(signal);
    const finished = await run.finished;
    return { finished, lines: await linesOf('first') };
  }

  it('goes on after Ctrl-C and pays nothing twice', async () => {
    const { finished, lines } = await cutShort('SIGINT');
    expect(finished.code).toBe(130);
    expect(finished.stderr).toContain('To go on: tune --resume first');
    const before = savedRun(finished);
    expect(lines).toBe(before.spend.invocations);
    account.under({});
    const resumed = await resume();
    expect(resumed.code).toBe(0);
    const run = savedRun(resumed);
    expect(run).toMatchObject({
      ended: 'completed',
      continued: { runId: 'first', measurements: lines },
      leftBehind: [],
    });
    expect(run.configurations.map(({ warm }) => warm?.count)).toEqual([40, 40]);
    // Two environments a size are opened anew; nothing else is called that was called before.
    expect(invoked()).toBeLessThanOrEqual(planned - lines + 2 * 2 + 2);
    expect(run.spend.invocations).toBe(invoked());
    expect(await records()).toEqual([]);
  });

  it('goes on after a SIGKILL, removes what was left, and stands a damaged tail', async () => {
    const { lines } = await cutShort('SIGKILL');
    const text = await readFile(recordFile('first'), 'utf8');
    // Half of the last line, as after a power cut.
    await writeFile(
      recordFile('first'),
      text.slice(0, -Math.ceil((text.trimEnd().split('\n').at(-1)?.length ?? 0) / 2)),
    );
    const resumed = await resume();
    expect(resumed.code).toBe(0);
    const run = savedRun(resumed);
    expect(run.continued?.measurements).toBe(lines - 1);
    expect(run.configurations.map(({ warm }) => warm?.count)).toEqual([40, 40]);
    expect(run.warnings.map(({ code }) => code)).toContain('EARLIER_RUN');
    expect(account.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
    expect(await account.journals()).toEqual([]);
  });

  it('is resumed a second time from the second record alone', async () => {
    await cutShort('SIGINT');
    const second = startTune(['--resume', 'first', '--yes', '--run-id', 'second'], account.env, folder);
    const earlier = await linesOf('first');
    while ((await linesOf('second')) < earlier + 8) await new Promise((resolve) => setTimeout(resolve, 5));
    second.kill('SIGTERM');
    expect((await second.finished).code).toBe(143);
    expect(await records()).toEqual(['second.jsonl']);
    const third = await runTune(['--resume', 'second', '--yes'], account.env, folder);
    expect(savedRun(third).configurations.map(({ warm }) => warm?.count)).toEqual([40, 40]);
    expect(await records()).toEqual([]);
  });

  it('is not offered where nothing was measured', async () => {
    isBroken = true;
    const finished = await runTune([...sweep, '--run-id', 'first', '--yes'], account.env, folder);
    expect(finished.code).toBe(3);
    expect(finished.stderr).not.toContain('--resume');
    expect(await records()).toEqual([]);
  });

  it('is not used up by a second run that fails, however often', async () => {
    const { lines } = await cutShort('SIGINT');
    isBroken = true;
    for (const run of ['second', 'third']) {
      const failed = await resume('--run-id', run);
      expect(failed.code).toBe(3);
      expect(failed.stderr).not.toContain('To go on');
      expect(await records()).toEqual(['first.jsonl']);
    }
    expect((await resume('--run-id', 'first')).stderr).toContain('A resumed run needs a name of its own');
    isBroken = false;
    const resumed = await resume();
    expect(resumed.code).toBe(0);
    expect(savedRun(resumed).continued?.measurements).toBe(lines);
    expect(await records()).toEqual([]);
  });

  it('keeps no secret in the record, and asks for what it does not keep', async () => {
    const secrets = ['--env', `TOKEN=${canary}`, '--payload', `{"card":"${canary}"}`, '--before', `cmd:true ${canary}`];
    await cutShort('SIGINT', ...secrets);
    const text = await readFile(recordFile('first'), 'utf8');
    expect(text).not.toContain(canary);
    expect((await stat(recordFile('first'))).mode & 0o777).toBe(0o600);
    const without = await resume();
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('was given --env TOKEN=… --payload … --before …, which no file of tune keeps');
    const other = await resume('--env', 'TOKEN=x', '--payload', '{}', '--before', 'cmd:true');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('payloads was');
    expect((await resume(...secrets)).code).toBe(0);
  });

  it('has what is left of the cap', async () => {
    const { finished } = await cutShort('SIGINT', '--max-spend-usd', '0.01');
    const { actualUsd } = savedRun(finished).spend;
    const run = savedRun(await resume());
    expect(run.options.maxSpendUsd).toBeCloseTo(0.01 - actualUsd, 12);
    expect(run.spend.actualUsd).toBeLessThan(0.01 - actualUsd);
  });

  it('refuses what cannot be resumed, and says what can', async () => {
    await cutShort('SIGINT');
    const unknown = await runTune(['--resume', 'nothing'], account.env, folder);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/no record of a run "nothing".*\n.*first \(orders, \d+ measured\)/);
    const elsewhere = await runTune(['--resume', 'first'], account.env);
    expect(elsewhere.stderr).toContain(`cd ${folder} && tune --resume first`);
    await appendFile(recordFile('first'), '');
    await writeFile(recordFile('first'), 'x');
    expect((await resume()).stderr).toContain('is damaged or of another version');
  });

  it('refuses one that is still under way', async () => {
    // It lasts while another process starts, however slow that is.
    const run = startTune([...sweep, '--run-id', 'first', '--yes', '--pause', '5s'], account.env, folder);
    await until(() => run.stderr().includes('Measuring'));
    const second = await resume();
    run.kill('SIGINT');
    await run.finished;
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('Run first is still under way');
  });
});
