import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand, InvokeCommand, ListFunctionsCommand, TagResourceCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountContext, serviceNow } from '../../../src/aws/account/accountContext.ts';
import { executeCleanup, sweepOwnDead } from '../../../src/aws/cleanup/cleanup.ts';
import { surveyRegion } from '../../../src/aws/cleanup/cleanupFacts.ts';
import type { CleanupJournal, CleanupOptions } from '../../../src/aws/cleanup/cleanupModel.ts';
import { planCleanup } from '../../../src/aws/cleanup/cleanupPlan.ts';
import { type AwsClients, createClients } from '../../../src/aws/client/client.ts';
import type { TestingOptions } from '../../../src/local/testing/testing.ts';
import { type Journal, openJournal } from '../../../src/state/journal.ts';
import { readJournalFiles } from '../../../src/state/journalFiles.ts';
import type { Liveness } from '../../../src/state/liveness.ts';
import { type Lab, role, settled, startLab } from '../../local/lab.ts';

const hour = 3_600_000;
const started = new Date();
const region = 'us-east-1';
const accountId = '000000000000';

let lab: Lab;
let clients: AwsClients;
let context: AccountContext;
let folder: string;
/** What the clock was told to wait, in ms: nothing really waits. */
let sleeps: number[];

beforeEach(async () => {
  lab = await startLab({ testing: settled });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tune-cleanup-test-'));
  sleeps = [];
  let monotonicMs = 0;
  const clock = {
    now: () => new Date(),
    monotonicMs: () => monotonicMs,
    random: () => 0,
    sleep: async (ms: number) => {
      sleeps.push(ms);
      monotonicMs += ms;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
  clients = await createClients(
    { region, endpointUrl: lab.endpoint.url, credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' } },
    clock,
  );
  context = { clients, clock };
});

afterEach(async () => {
  clients.destroy();
  await lab.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const under = (testing: Partial<TestingOptions>) => lab.endpoint.setTesting({ ...settled, ...testing });

function tags(runId: string, leaseMs: number, created = started) {
  return {
    'lambda-tune:tool': 'lambda-tune',
    'lambda-tune:run': runId,
    'lambda-tune:target': 'orders',
    'lambda-tune:created': created.toISOString(),
    'lambda-tune:expires': new Date(Date.now() + leaseMs).toISOString(),
  };
}

/** A run's log group and so many shadows, as tune makes them; `hour` is the time that is left of the lease. */
async function leave(runId: string, leaseMs: number, shadows = 1): Promise<void> {
  await makeGroup(runId, tags(runId, leaseMs));
  for (let number = 1; number <= shadows; number += 1) {
    await lab.create({
      FunctionName: `tune-${runId}-x86_64-${number}-orders`,
      Tags: tags(runId, leaseMs),
      LoggingConfig: { LogGroup: `/aws/lambda/tune-${runId}` },
    });
  }
}

const makeGroup = (runId: string, groupTags: Record<string, string> = {}) =>
  lab.logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/tune-${runId}`, tags: groupTags }));

function journalOf(runId: string, header: { accountId?: string; expiresAt?: Date; now?: () => Date } = {}): Journal {
  return openJournal({
    folder,
    header: {
      runId,
      toolVersion: '0.1.0',
      process: { host: 'build-7', pid: 4711 },
      accountId: header.accountId ?? accountId,
      region,
      startedAt: started.toISOString(),
      expiresAt: (header.expiresAt ?? new Date(Date.now() + hour)).toISOString(),
    },
    now: header.now ?? (() => new Date(Date.now() - hour)),
  });
}

const shadowOf = (runId: string, number = 1) =>
  ({ kind: 'function', name: `tune-${runId}-x86_64-${number}-orders`, region }) as const;
const groupOf = (runId: string) => ({ kind: 'logGroup', name: `/aws/lambda/tune-${runId}`, region }) as const;

const journals = (liveness: Liveness): readonly CleanupJournal[] =>
  readJournalFiles([folder]).journals.map((journal) => ({ ...journal, liveness }));

async function cleanUp(options: CleanupOptions = {}, own: readonly CleanupJournal[] = []) {
  const survey = await surveyRegion(context, own);
  const plan = planCleanup(survey.facts, serviceNow(context), options);
  const outcome = await executeCleanup(context, plan);
  return { survey, plan, outcome };
}

/** Names of the functions and log groups that are there. */
function present(): readonly string[] {
  const { functions, logGroups } = lab.endpoint.snapshot();
  return [...functions.map(({ functionName }) => functionName), ...logGroups.map(({ logGroupName }) => logGroupName)];
}

const called = (operation: string) => lab.endpoint.calls().filter((call) => call.operation === operation);

describe('a clean-up without journals', () => {
  it('removes what is named and tagged and whose lease has passed, and nothing else in the account', async () => {
    await leave('old', -1000, 2);
    await leave('live', hour);
    await lab.create({ FunctionName: 'orders', Tags: tags('old', -1000) });
    await lab.create({ FunctionName: 'tune-old-x86_64-9-mine' });
    await makeGroup('guitar-solo-by-someone-else');
    const before = lab.endpoint.snapshot();
    const { outcome } = await cleanUp();
    expect(outcome.removed.map((each) => ('name' in each ? each.name : each.key))).toEqual([
      'tune-old-x86_64-1-orders',
      'tune-old-x86_64-2-orders',
    ]);
    expect(outcome.left).toEqual([]);
    const after = lab.endpoint.snapshot();
    expect(after.functions).toEqual(
      before.functions.filter(({ functionName }) => !/^tune-old-x86_64-\d-orders$/.test(functionName)),
    );
    // The unmarked function of that name still might write to the run's group.
    expect(present()).toContain('/aws/lambda/tune-old');
  });

  it('removes the log group after the last function of its run', async () => {
    await leave('old', -1000);
    await cleanUp();
    expect(present()).toEqual([]);
    const deletions = lab.endpoint.calls().filter(({ operation }) => operation.startsWith('Delete'));
    expect(deletions.map(({ operation }) => operation)).toEqual(['DeleteFunction', 'DeleteLogGroup']);
  });

  it('does nothing a second time', async () => {
    await leave('old', -1000, 3);
    await cleanUp();
    const { plan, outcome } = await cleanUp();
    expect(plan).toEqual({ items: [], finishedJournals: [] });
    expect(outcome).toEqual({ removed: [], left: [], renewed: [] });
  });

  it('pages through all functions and reads tags only of names that match', async () => {
    under({ listFunctionsPageSize: 2 });
    for (const name of ['a', 'b', 'tune-up', 'z']) await lab.create({ FunctionName: name });
    await leave('old', -1000, 3);
    await cleanUp();
    expect(present()).toEqual(['a', 'b', 'tune-up', 'z']);
    expect(called('ListFunctions').length).toBeGreaterThanOrEqual(4);
    // Three when looking, three again right before the deletion.
    expect(
      called('ListTags')
        .map(({ resource }) => resource.split(':').at(-1))
        .sort(),
    ).toEqual([
      'tune-old-x86_64-1-orders',
      'tune-old-x86_64-1-orders',
      'tune-old-x86_64-2-orders',
      'tune-old-x86_64-2-orders',
      'tune-old-x86_64-3-orders',
      'tune-old-x86_64-3-orders',
    ]);
  });

  it('keeps a function whose lease was renewed between the look and the deletion, with its log group', async () => {
    await leave('old', -1000);
    const survey = await surveyRegion(context, []);
    const plan = planCleanup(survey.facts, serviceNow(context), {});
    await lab.lambda.send(
      new TagResourceCommand({
        Resource: `arn:aws:lambda:${region}:${accountId}:function:tune-old-x86_64-1-orders`,
        Tags: tags('old', hour),
      }),
    );
    const { removed, renewed } = await executeCleanup(context, plan);
    expect(removed).toEqual([]);
    expect(renewed.map(({ runId }) => runId)).toEqual(['old']);
    expect(present()).toEqual(['tune-old-x86_64-1-orders', '/aws/lambda/tune-old']);
  });

  it('--run removes a run whatever its lease', async () => {
    await leave('live', hour);
    await leave('other', hour);
    await cleanUp({ runId: 'live' });
    expect(present()).toEqual(['tune-other-x86_64-1-orders', '/aws/lambda/tune-other']);
  });
});

describe('a clean-up of log groups', () => {
  /** Lambda makes the group, without tags, when a function writes to one that is not there. */
  async function flushLate(name: string, logGroup: string) {
    await lab.create({ FunctionName: name, Role: role, LoggingConfig: { LogGroup: logGroup } });
    await lab.lambda.send(new InvokeCommand({ FunctionName: name }));
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
  }

  it('removes one that a late flush made anew, without tags, when no function of its run is left', async () => {
    await flushLate('tune-old-x86_64-1-orders', '/aws/lambda/tune-old');
    expect(lab.endpoint.snapshot().logGroups).toMatchObject([{ logGroupName: '/aws/lambda/tune-old', tags: {} }]);
    const { plan } = await cleanUp();
    expect(plan.items.map(({ why }) => why)).toEqual(['nothingLeftOfRun']);
    expect(present()).toEqual([]);
  });

  it('keeps the logs of a deleted function that someone called tune-orders', async () => {
    await flushLate('tune-orders', '/aws/lambda/tune-orders');
    for (const options of [{}, { all: true }, { runId: 'orders' }]) {
      const { plan } = await cleanUp(options);
      expect(plan.items.map(({ why }) => why)).toEqual(['othersLogs']);
    }
    expect(present()).toEqual(['/aws/lambda/tune-orders']);
  });

  it('keeps the still empty log group of a function that someone called tune-orders', async () => {
    await lab.create({ FunctionName: 'tune-orders' });
    await makeGroup('orders');
    const { plan } = await cleanUp({ all: true });
    expect(plan.items.map(({ why }) => why)).toEqual(['othersLogs']);
    expect(present()).toEqual(['tune-orders', '/aws/lambda/tune-orders']);
  });

  it('keeps the empty untagged log group that someone called tune-up-prod', async () => {
    await makeGroup('up-prod');
    for (const options of [{}, { all: true }, { runId: 'up-prod' }]) {
      const { plan } = await cleanUp(options);
      expect(plan.items.map(({ why }) => why)).toEqual(['emptyUntagged']);
    }
    expect(present()).toEqual(['/aws/lambda/tune-up-prod']);
  });

  it('keeps the tagged one of a run that is about to make its first function', async () => {
    await makeGroup('fresh', tags('fresh', hour));
    await cleanUp();
    expect(present()).toEqual(['/aws/lambda/tune-fresh']);
  });
});

describe('a clean-up by journal', () => {
  it('removes what a dead process made, with its lease still running, and then the journal', async () => {
    await leave('mine', hour);
    const journal = journalOf('mine');
    journal.intend(groupOf('mine'));
    journal.made(groupOf('mine'));
    journal.intend(shadowOf('mine'));
    await cleanUp({}, journals('dead'));
    expect(present()).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('removes what a dead process made although tags may not be read: its configuration names the log group of the run', async () => {
    await leave('mine', hour);
    await lab.create({ FunctionName: 'tune-mine-x86_64-7-others' });
    under({ deny: [{ action: 'lambda:ListTags', resource: '*' }] });
    const journal = journalOf('mine');
    journal.intend(groupOf('mine'));
    journal.made(groupOf('mine'));
    journal.intend(shadowOf('mine'));
    const { plan } = await cleanUp({}, journals('dead'));
    expect(plan.items.map(({ resource, why }) => ['name' in resource && resource.name, why])).toEqual([
      ['tune-mine-x86_64-1-orders', 'processEnded'],
      ['tune-mine-x86_64-7-others', 'tagsUnreadable'],
      ['/aws/lambda/tune-mine', 'functionsRemain'],
    ]);
    expect(present()).toEqual(['tune-mine-x86_64-7-others', '/aws/lambda/tune-mine']);
    expect(fs.readdirSync(folder)).toEqual(['mine.jsonl']);
  });

  it('touches nothing of a process that is alive', async () => {
    await leave('mine', -1000);
    journalOf('mine').intend(shadowOf('mine'));
    const { plan } = await cleanUp({ all: true }, journals('alive'));
    expect(plan.items.map(({ why }) => why)).toEqual(['processAlive', 'processAlive']);
    expect(called('DeleteFunction')).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual(['mine.jsonl']);
  });

  it('does not take another account’s empty hands for success: asked by ARN, it refuses', async () => {
    journalOf('mine', { accountId: '999999999999' }).intend(shadowOf('mine'));
    const { survey } = await cleanUp({}, journals('dead'));
    expect(survey.otherAccounts.map(({ runId }) => runId)).toEqual(['mine']);
    expect(fs.readdirSync(folder)).toEqual(['mine.jsonl']);
    // Once something is listed, the account is known without asking.
    lab.endpoint.setTesting(settled);
    await lab.create({ FunctionName: 'tune-up' });
    expect((await cleanUp({}, journals('dead'))).survey.otherAccounts).toHaveLength(1);
    expect(called('ListTags')).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual(['mine.jsonl']);
  });

  it('works without permission to list, and says that it did not list', async () => {
    await leave('mine', hour);
    await leave('old', -1000);
    under({
      deny: [
        { action: 'lambda:ListFunctions', resource: '*' },
        { action: 'logs:DescribeLogGroups', resource: '*' },
      ],
    });
    const journal = journalOf('mine');
    for (const resource of [groupOf('mine'), shadowOf('mine')]) journal.intend(resource);
    const { survey } = await cleanUp({}, journals('dead'));
    expect(present()).toEqual(['tune-old-x86_64-1-orders', '/aws/lambda/tune-old']);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(survey.refused.map(({ code, message }) => [code, message])).toEqual([
      ['ACCESS_DENIED', expect.stringContaining('logs:DescribeLogGroups')],
      ['ACCESS_DENIED', expect.stringContaining('lambda:ListFunctions')],
    ]);
  });

  it('looks again for what was being made at the moment of the kill', async () => {
    journalOf('mine', { now: () => new Date() }).intend(shadowOf('mine'));
    // The call of the dead process takes effect after the first look.
    under({
      faults: (call) =>
        call.operation === 'ListTags' && called('ListTags').length <= 1
          ? { kind: 'status', status: 404, type: 'ResourceNotFoundException' }
          : undefined,
    });
    await lab.create({ FunctionName: shadowOf('mine').name, Tags: tags('mine', hour) });
    const { removed } = await sweepOwnDead(context, journals('dead'));
    expect(removed).toEqual([shadowOf('mine')]);
    expect(sleeps.filter((ms) => ms > 1000 && ms <= 5000)).toHaveLength(1);
    expect(present()).toEqual([]);
  });

  it('removes staged objects by version, also when the journal does not know the version', async () => {
    await lab.s3.send(new CreateBucketCommand({ Bucket: 'my-staging' }));
    await lab.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'my-staging', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const put = (Key: string) => lab.s3.send(new PutObjectCommand({ Bucket: 'my-staging', Key, Body: 'zip' }));
    const known = await put('lambda-tune/mine/x86_64.zip');
    await put('lambda-tune/mine/arm64.zip');
    await put('lambda-tune/mine/arm64.zip.keep');
    const journal = journalOf('mine');
    const staged = { kind: 'stagedObject', bucket: 'my-staging', region } as const;
    journal.intend({ ...staged, key: 'lambda-tune/mine/x86_64.zip' });
    journal.made({ ...staged, key: 'lambda-tune/mine/x86_64.zip', versionId: known.VersionId ?? '' });
    journal.intend({ ...staged, key: 'lambda-tune/mine/arm64.zip' });
    await cleanUp({}, journals('dead'));
    expect(lab.endpoint.snapshot().objects).toMatchObject([
      { key: 'lambda-tune/mine/arm64.zip.keep', deleteMarker: false },
    ]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('a clean-up that meets refusals', () => {
  it('names what it may not delete with a command, leaves the log group it writes to, and keeps the journal', async () => {
    await leave('mine', hour, 2);
    const journal = journalOf('mine');
    for (const resource of [groupOf('mine'), shadowOf('mine', 1), shadowOf('mine', 2)]) journal.intend(resource);
    under({ deny: [{ action: 'lambda:DeleteFunction', resource: '*tune-mine-x86_64-2-orders' }] });
    const { outcome } = await cleanUp({}, journals('dead'));
    expect(present()).toEqual(['tune-mine-x86_64-2-orders', '/aws/lambda/tune-mine']);
    expect(outcome.left).toEqual([
      {
        kind: 'function',
        name: `arn:aws:lambda:${region}:${accountId}:function:tune-mine-x86_64-2-orders`,
        region,
        reason: expect.stringContaining('lambda:DeleteFunction'),
        command: `aws lambda delete-function --function-name tune-mine-x86_64-2-orders --region ${region} --endpoint-url ${lab.endpoint.url}`,
      },
      {
        kind: 'logGroup',
        name: '/aws/lambda/tune-mine',
        region,
        reason: 'a function of its run is still there',
        command: `aws logs delete-log-group --log-group-name /aws/lambda/tune-mine --region ${region} --endpoint-url ${lab.endpoint.url}`,
      },
    ]);
    expect(fs.readdirSync(folder)).toEqual(['mine.jsonl']);
    under({});
    await cleanUp({}, journals('dead'));
    expect(present()).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('waits for a function that refuses because it is still being created', async () => {
    await leave('old', -1000);
    let refusals = 0;
    under({
      faults: (call) => {
        if (call.operation !== 'DeleteFunction' || refusals === 5) return undefined;
        refusals += 1;
        return { kind: 'status', status: 409, type: 'ResourceConflictException', message: 'Pending' };
      },
    });
    const { outcome } = await cleanUp();
    expect(outcome.left).toEqual([]);
    expect(refusals).toBe(5);
    expect(present()).toEqual([]);
  });

  it('gives up waiting after five minutes, and at once when it is interrupted', async () => {
    await leave('old', -1000);
    under({
      faults: ({ operation }) =>
        operation === 'DeleteFunction' ? { kind: 'status', status: 409, type: 'ResourceConflictException' } : undefined,
    });
    const { outcome } = await cleanUp();
    expect(outcome.left.map(({ kind }) => kind)).toEqual(['function', 'logGroup']);
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(290_000);

    const interrupt = new AbortController();
    const survey = await surveyRegion(context, []);
    interrupt.abort();
    const plan = planCleanup(survey.facts, serviceNow(context), {});
    const second = await executeCleanup({ ...context, signal: interrupt.signal }, plan);
    expect(second.left.map(({ reason }) => reason)).toEqual([
      'the clean-up was interrupted',
      'a function of its run is still there',
    ]);
  });

  it('goes by the service’s time when this clock is a day ahead', async () => {
    const server = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - 24 * hour).toUTCString());
      response.setHeader('content-type', 'application/json').end('{"Functions":[]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const slow = await createClients(
      { region, endpointUrl: `http://127.0.0.1:${port}`, credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' } },
      context.clock,
    );
    try {
      await slow.lambda.send(new ListFunctionsCommand({}));
      const behindMs = Date.now() - serviceNow({ clients: slow, clock: context.clock }).getTime();
      expect(Math.round(behindMs / hour)).toBe(24);
    } finally {
      slow.destroy();
      server.close();
    }
  });
});

describe('the sweep at the start of a run', () => {
  it('removes what dead processes of this machine name, lists nothing, and leaves all others alone', async () => {
    await leave('dead', hour);
    await leave('old', -1000);
    const journal = journalOf('dead');
    journal.intend(groupOf('dead'));
    journal.intend(shadowOf('dead'));
    const { removed } = await sweepOwnDead(context, journals('dead'));
    expect(removed).toEqual([shadowOf('dead'), groupOf('dead')]);
    expect(present()).toEqual(['tune-old-x86_64-1-orders', '/aws/lambda/tune-old']);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(called('ListFunctions')).toEqual([]);
    expect(called('DescribeLogGroups')).toEqual([]);
  });

  it('leaves those of processes that are alive or of which nothing is known', async () => {
    for (const liveness of ['alive', 'unknown'] as const) {
      await leave(liveness, -1000);
      journalOf(liveness).intend(shadowOf(liveness));
      expect(await sweepOwnDead(context, journals(liveness))).toEqual({ removed: [], left: [], renewed: [] });
    }
    expect(lab.endpoint.calls().filter(({ operation }) => operation.startsWith('Delete'))).toEqual([]);
  });

  it('does not remove the things of another run of the same id', async () => {
    await makeGroup('ci-7', tags('ci-7', hour, new Date(started.getTime() + 1000)));
    await lab.create({
      FunctionName: shadowOf('ci-7').name,
      Tags: tags('ci-7', hour, new Date(started.getTime() + 1000)),
    });
    const journal = journalOf('ci-7');
    for (const resource of [groupOf('ci-7'), shadowOf('ci-7')]) journal.intend(resource);
    expect((await sweepOwnDead(context, journals('dead'))).removed).toEqual([]);
    expect(present()).toHaveLength(2);
  });
});
