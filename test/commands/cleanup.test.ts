import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/client/client.ts';
import { runCleanup } from '../../src/commands/cleanup/cleanup.ts';
import { sweepBeforeRun } from '../../src/commands/shared/leftovers.ts';
import { processIdentity } from '../../src/host/liveness.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { journalFolder, openJournal } from '../../src/state/journal.ts';
import type { JournalHeader } from '../../src/state/journalFormat.ts';
import { type Lab, settled, startLab } from '../local/lab.ts';
import { type FakeIo, type FakeProcess, fakeIo } from '../support/fakeIo.ts';

const hour = 3_600_000;
const started = new Date(Date.now() - hour);
const region = 'us-east-1';

let lab: Lab;
let state: string;

beforeEach(async () => {
  lab = await startLab({ testing: settled });
  state = fs.mkdtempSync(path.join(os.tmpdir(), 'tune-cleanup-command-'));
});
afterEach(async () => {
  await lab.close();
  fs.rmSync(state, { recursive: true, force: true });
});

/** A process that only this test knows, with a state directory of its own. */
function testIo(change: FakeProcess = {}): FakeIo {
  return fakeIo({
    env: { TUNE_STATE_DIR: state, AWS_ENDPOINT_URL: lab.endpoint.url, AWS_REGION: region },
    cwd: state,
    homeDirectory: state,
    temporaryDirectory: state,
    processExists: () => false,
    ...change,
  });
}

// The SDK reads the credentials from the real environment.
beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'lab';
  process.env.AWS_SECRET_ACCESS_KEY = 'lab';
  process.env.AWS_ENDPOINT_URL = lab.endpoint.url;
  process.env.AWS_REGION = region;
});
afterEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL', 'AWS_REGION'])
    delete process.env[name];
});

const under = (testing: Partial<TestingOptions>) => lab.endpoint.setTesting({ ...settled, ...testing });

async function leave(runId: string, leaseMs: number): Promise<void> {
  const tags = {
    'lambda-tune:tool': 'lambda-tune',
    'lambda-tune:run': runId,
    'lambda-tune:target': 'orders',
    'lambda-tune:created': started.toISOString(),
    'lambda-tune:expires': new Date(Date.now() + leaseMs).toISOString(),
  };
  await lab.logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/tune-${runId}`, tags }));
  await lab.create({ FunctionName: `tune-${runId}-x86_64-1-orders`, Tags: tags });
}

/** The journal of a process: by default one of this machine that is dead. */
function journal(runId: string, change: Partial<JournalHeader> = {}) {
  const identity = processIdentity(testIo().io);
  const opened = openJournal({
    folder: journalFolder(state),
    header: {
      runId,
      toolVersion: '0.1.0',
      process: { ...identity, startedAt: '1' },
      accountId: '000000000000',
      region,
      endpoint: lab.endpoint.url,
      startedAt: started.toISOString(),
      expiresAt: new Date(Date.now() + hour).toISOString(),
      ...change,
    },
    now: () => started,
  });
  opened.intend({ kind: 'logGroup', name: `/aws/lambda/tune-${runId}`, region });
  opened.intend({ kind: 'function', name: `tune-${runId}-x86_64-1-orders`, region });
  return opened.file;
}

const alive = () => ({ process: processIdentity(testIo().io) });
const functions = () => lab.endpoint.snapshot().functions.map(({ functionName }) => functionName);
const journals = () => fs.readdirSync(journalFolder(state));
const writes = () =>
  lab.endpoint.calls().filter(({ operation }) => /^(Delete|Put|Create|Update|Tag|Untag)/.test(operation));

describe('tune cleanup', () => {
  it('says what it removes and keeps, and why, and ends with "clean"', async () => {
    await leave('dead', hour);
    journal('dead');
    await leave('live', hour);
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(0);
    const [live] = /its lease runs until \S+Z/.exec(test.stdout()) ?? [];
    expect(test.stdout()).toBe(
      [
        'us-east-1:',
        '  remove function tune-dead-x86_64-1-orders: its process has ended',
        '  remove log group /aws/lambda/tune-dead: its process has ended',
        `  keep function tune-live-x86_64-1-orders: ${live}: its run may be under way elsewhere`,
        `  keep log group /aws/lambda/tune-live: ${live}: its run may be under way elsewhere`,
        'clean: 2 removed, 2 kept',
        '',
      ].join('\n'),
    );
    expect(test.stderr()).toBe('removed function tune-dead-x86_64-1-orders\nremoved log group /aws/lambda/tune-dead\n');
    expect(functions()).toEqual(['tune-live-x86_64-1-orders']);
    expect(journals()).toEqual([]);
  });

  it('says just "clean" where there is nothing', async () => {
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(0);
    expect([test.stdout(), test.stderr()]).toEqual(['clean: 0 removed\n', '']);
  });

  it('--dry-run shows the same and writes nothing', async () => {
    await leave('dead', hour);
    journal('dead');
    lab.endpoint.setTesting(settled);
    const test = testIo();
    expect(await runCleanup({ dryRun: true }, test.io)).toBe(0);
    expect(test.stdout()).toBe(
      [
        'us-east-1:',
        '  would remove function tune-dead-x86_64-1-orders: its process has ended',
        '  would remove log group /aws/lambda/tune-dead: its process has ended',
        'dry run: nothing was removed',
        '',
      ].join('\n'),
    );
    expect(writes()).toEqual([]);
    expect(journals()).toEqual(['dead.jsonl']);
  });

  it('--all asks about what may be in use elsewhere, and keeps that without a yes, but removes the rest', async () => {
    await leave('live', hour);
    await leave('old', -1000);
    const no = testIo({ answer: false });
    expect(await runCleanup({ all: true }, no.io)).toBe(0);
    expect(no.questions).toEqual(['Remove 2 of these, of a run that may be under way elsewhere? [y/N] ']);
    expect(functions()).toEqual(['tune-live-x86_64-1-orders']);
    expect(no.stdout()).toContain('clean: 2 removed, 2 kept\n');

    const yes = testIo({ answer: true });
    expect(await runCleanup({ all: true }, yes.io)).toBe(0);
    expect(functions()).toEqual([]);
  });

  it('--all refuses where nobody can be asked, before it removes anything, unless --yes is given', async () => {
    await leave('live', hour);
    await leave('old', -1000);
    lab.endpoint.setTesting(settled);
    await expect(runCleanup({ all: true }, testIo().io)).rejects.toMatchObject({ code: 'CONSENT', exitCode: 2 });
    expect(writes()).toEqual([]);
    expect(await runCleanup({ all: true, yes: true }, testIo().io)).toBe(0);
    expect(functions()).toEqual([]);
  });

  it('--run removes that run without a question; of a process that is alive here it keeps everything and says so with 5', async () => {
    await leave('ci-7', hour);
    await leave('mine', hour);
    journal('mine', alive());
    expect(await runCleanup({ run: 'ci-7' }, testIo().io)).toBe(0);
    expect(functions()).toEqual(['tune-mine-x86_64-1-orders']);

    const test = testIo();
    expect(await runCleanup({ run: 'mine' }, test.io)).toBe(5);
    expect(test.stdout()).toBe(
      [
        'us-east-1:',
        '  keep function tune-mine-x86_64-1-orders: its run is under way on this machine',
        '  keep log group /aws/lambda/tune-mine: its run is under way on this machine',
        'not clean: 2 left. Again: tune cleanup --run mine',
        '',
      ].join('\n'),
    );
    expect(functions()).toEqual(['tune-mine-x86_64-1-orders']);
  });

  it('ends with 5 and a list with commands when something cannot be deleted', async () => {
    await leave('old', -1000);
    under({ deny: [{ action: 'lambda:DeleteFunction', resource: '*' }] });
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(5);
    expect(test.stdout()).toContain(
      'left: arn:aws:lambda:us-east-1:000000000000:function:tune-old-x86_64-1-orders: Not allowed: lambda:DeleteFunction on',
    );
    expect(test.stdout()).toContain(
      '\n  aws lambda delete-function --function-name tune-old-x86_64-1-orders --region us-east-1\n',
    );
    expect(test.stdout().endsWith('not clean: 2 left. Again: tune cleanup\n')).toBe(true);
  });

  it('removes what journals name and then reports that it may not list, instead of "clean"', async () => {
    await leave('dead', hour);
    journal('dead');
    under({ deny: [{ action: 'lambda:ListFunctions', resource: '*' }] });
    const test = testIo();
    await expect(runCleanup({}, test.io)).rejects.toMatchObject({ code: 'ACCESS_DENIED', exitCode: 3 });
    expect(test.stdout()).not.toContain('clean');
    expect(functions()).toEqual([]);
    expect(journals()).toEqual([]);
  });

  it('says which journals it did not look at, with the command that does', async () => {
    const file = journal('far', { region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' });
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(0);
    expect(test.stderr()).toBe(
      `Not looked at: run far in account 000000000000, eu-west-1 through http://127.0.0.1:4566 (${file}). Its clean-up: tune cleanup --region eu-west-1 --endpoint-url http://127.0.0.1:4566\n`,
    );
    expect(journals()).toEqual(['far.jsonl']);
  });

  it('removes the journal of a dead run on the embedded endpoint, and leaves that of a live one', async () => {
    journal('gone', { endpoint: 'embedded' });
    journal('here', { endpoint: 'embedded', ...alive() });
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(0);
    expect(journals()).toEqual(['here.jsonl']);
  });

  it('uses what can be read of a damaged journal, and says so', async () => {
    await leave('dead', hour);
    const file = journal('dead');
    fs.appendFileSync(file, '{"sum":"0000000000000000","entry":{}}\n\u001b[2Jgarbage\nhalf a li');
    const test = testIo();
    expect(await runCleanup({}, test.io)).toBe(0);
    expect(test.stderr()).toContain(
      `The journal ${file} was used as far as it can be read: lines of it are damaged.\n`,
    );
    expect(functions()).toEqual([]);
    expect(journals()).toEqual([]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ run: '../x' }, '--run must be a run id: 1 to 24 lower-case letters, digits or inner hyphens.'],
    [{ region: 'Europe' }, '--region must be a region such as eu-central-1.'],
    [{ olderThan: 'yesterday' }, '--older-than must be an age such as 30m, 12h or 7d.'],
    [{ endpointUrl: 'nowhere' }, '--endpoint-url must be a URL.'],
    [{ allRegions: true, region: 'eu-west-1' }, '--all-regions and --region cannot be given together.'],
  ])('refuses %o', async (flags, message) => {
    await expect(runCleanup(flags, testIo().io)).rejects.toMatchObject({ code: 'USAGE', message });
    expect(lab.endpoint.calls()).toEqual([]);
  });

  it('--all-regions looks in every one, and passes over those that the account has not opted in to', async () => {
    await leave('old', -1000);
    let lists = 0;
    const closed = { kind: 'status', status: 403, type: 'UnrecognizedClientException' } as const;
    under({
      faults: ({ operation }) => {
        if (operation !== 'ListFunctions') return undefined;
        lists += 1;
        return lists === 2 || lists === 5 ? closed : undefined;
      },
    });
    const test = testIo();
    expect(await runCleanup({ allRegions: true, yes: true }, test.io)).toBe(0);
    expect(functions()).toEqual([]);
    expect(lists).toBeGreaterThan(20);
    expect(test.stderr()).toMatch(
      /Not enabled for this account, so nothing can be there: [a-z]+-[a-z]+-\d, [a-z]+-[a-z]+-\d\n/,
    );
    expect(test.stdout()).toContain('clean: ');
  });

  it('--older-than keeps what is younger', async () => {
    await leave('old', -1000);
    await runCleanup({ olderThan: '2h' }, testIo().io);
    expect(functions()).toEqual(['tune-old-x86_64-1-orders']);
    await runCleanup({ olderThan: '30m' }, testIo().io);
    expect(functions()).toEqual([]);
  });
});

describe('the sweep before a run', () => {
  async function sweep() {
    const test = testIo();
    const clients = await createClients({ region, endpointUrl: lab.endpoint.url }, test.io);
    try {
      return await sweepBeforeRun(
        { clients, clock: test.io },
        { region, endpoint: lab.endpoint.url, accountId: '000000000000' },
        test.io,
      );
    } finally {
      clients.destroy();
    }
  }

  it('says what it removed', async () => {
    await leave('dead', hour);
    journal('dead');
    expect((await sweep()).map(({ text }) => text)).toEqual([
      'Removed what a killed run had left (dead): tune-dead-x86_64-1-orders, /aws/lambda/tune-dead.',
    ]);
    expect(await sweep()).toEqual([]);
  });

  it('asks nothing of the service when no journal of a dead process names anything here', async () => {
    journal('alive', alive());
    journal('far', { region: 'eu-west-1' });
    journal('other', { accountId: '999999999999' });
    journal('embedded', { endpoint: 'embedded' });
    expect(await sweep()).toEqual([]);
    expect(lab.endpoint.calls()).toEqual([]);
    expect(journals()).toEqual(['alive.jsonl', 'far.jsonl', 'other.jsonl']);
  });

  it('does not keep a run from measuring when the service refuses', async () => {
    await leave('dead', hour);
    journal('dead');
    under({ faults: () => ({ kind: 'status', status: 400, type: 'InvalidParameterValueException', message: 'no' }) });
    const [warning] = await sweep();
    expect(warning?.text).toMatch(/^What a killed run left \(dead\) could not be removed: .* Try: tune cleanup$/);
    expect(journals()).toEqual(['dead.jsonl']);
  });
});
