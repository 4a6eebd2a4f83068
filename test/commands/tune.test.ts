import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { runTune } from '../../src/commands/tune/tune.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { fakeIo } from '../support/fakeIo.ts';
import { inLabAccount } from './labAccount.ts';

const flags = { function: 'orders', memory: '256,512', architecture: 'x86_64', invocations: '4', json: true };

describe('tune', () => {
  const account = inLabAccount({
    script: ({ spec }) => ({ durationMs: 100_000 / spec.memoryMb, maxMemoryUsedMb: 60 }),
  });
  const writes = () =>
    account()
      .lab.endpoint.calls()
      .filter(({ operation }) => /^(Create|Put|Delete|Update|Invoke|Publish)/.test(operation));
  const withOrders = async () => {
    await account().lab.create();
    account().under({});
  };

  it('measures on copies, saves the run with its answer, and leaves the account as it was', async () => {
    await withOrders();
    const { io, stdout, stderr } = account().process({ speed: 20 });
    expect(await runTune({ ...flags, yes: true, quiet: true }, io)).toBe(0);
    const run = tuningResultSchema.parse(JSON.parse(stdout()));
    expect(run.configurations.map(({ memoryMb, warm }) => [memoryMb, warm?.count])).toEqual([
      [256, 4],
      [512, 4],
    ]);
    expect(run.leftBehind).toEqual([]);
    expect(stderr()).toBe('');
    expect(
      account()
        .lab.endpoint.snapshot()
        .functions.map(({ functionName }) => functionName),
    ).toEqual(['orders']);
    expect(readdirSync(join(account().folder, 'journals'))).toEqual([]);
  });

  it('costs no run where a report cannot be written after it was measured', async () => {
    await withOrders();
    const { io, stdout, stderr } = account().process({ speed: 20, temporaryDirectory: account().folder });
    const report = [`junit=${join(account().folder, `${'x'.repeat(250)}.xml`)}`];
    expect(await runTune({ ...flags, yes: true, report }, io)).toBe(0);
    expect(tuningResultSchema.parse(JSON.parse(stdout())).configurations.map(({ warm }) => warm?.count)).toEqual([
      4, 4,
    ]);
    expect(stderr()).toContain('could not be written (ENAMETOOLONG)');
  });

  it('--dry-run shows the plan on stderr, saves a run without measurements, and only reads', async () => {
    await withOrders();
    const { io, stdout, stderr } = account().process();
    expect(await runTune({ ...flags, dryRun: true }, io)).toBe(0);
    expect(stderr()).toContain('2 configurations: 256, 512 MB on x86_64');
    expect(tuningResultSchema.parse(JSON.parse(stdout())).ended).toBe('dryRun');
    expect(writes()).toEqual([]);
    const table = account().process();
    expect(await runTune({ ...flags, json: undefined, dryRun: true }, table.io)).toBe(0);
    expect(table.stdout()).toContain('to be measured');
    // No figure is compared with any other.
    expect(table.stdout()).not.toContain('against');
  });

  it('reads who calls the function, says what counts for it, and saves both', async () => {
    await withOrders();
    await account().lab.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'orders',
        StatementId: 'api',
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      }),
    );
    const { io, stdout } = account().process({ speed: 20 });
    const given = { ...flags, json: undefined, report: ['json=run.json', 'table'], yes: true, quiet: true };
    expect(await runTune(given, io)).toBe(0);
    const dry = account().process();
    expect(await runTune({ ...flags, json: undefined, report: ['table'], dryRun: true }, dry.io)).toBe(0);
    expect(dry.stdout().replaceAll(/\s+/g, ' ')).toContain(
      'Called by API Gateway (resource policy): callers wait for it',
    );
    expect(stdout().replaceAll(/\s+/g, ' ')).toContain('Called by API Gateway (resource policy): callers wait for it');
    const run = tuningResultSchema.parse(JSON.parse(readFileSync(join(account().folder, 'run.json'), 'utf8')));
    expect(run.target.triggers).toEqual([{ service: 'apigateway', kind: 'synchronous', by: 'policy' }]);
  });

  it('goes on with one notice where the triggers may not be read', async () => {
    await withOrders();
    const unreadable = ['lambda:GetPolicy', 'lambda:ListEventSourceMappings'];
    account().under({ deny: unreadable.map((action) => ({ action, resource: '*' })) });
    const { io, stdout } = account().process({ speed: 20 });
    expect(await runTune({ ...flags, yes: true, quiet: true }, io)).toBe(0);
    const { warnings, target } = tuningResultSchema.parse(JSON.parse(stdout()));
    expect(warnings.filter(({ code }) => code === 'triggersUnreadable').map(({ text }) => text)).toEqual([
      'Not all triggers of the function could be read (lambda:ListEventSourceMappings is denied, lambda:GetPolicy is denied): who calls it is known in part at most.',
    ]);
    expect(target.triggers).toBeUndefined();
  });

  it('refuses a hook whose program is not there, or cannot be run, before anything is created', async () => {
    await withOrders();
    writeFileSync(join(account().folder, 'plain.sh'), '#!/bin/sh\n', { mode: 0o644 });
    for (const before of ['./nothing.sh --fast', './plain.sh']) {
      const { io } = account().process();
      await expect(runTune({ ...flags, before, dryRun: true }, io)).rejects.toMatchObject({
        code: 'USAGE',
        message: `--before: there is no ${before.split(' ')[0]} that can be run.`,
      });
    }
    expect(writes()).toEqual([]);
  });

  it('creates nothing without consent', async () => {
    await withOrders();
    const no = account().process({ answer: false });
    await expect(runTune(flags, no.io)).rejects.toMatchObject({ code: 'CONSENT' });
    expect(no.questions).toEqual(['Create these copies and invoke them? [y/N] ']);
    await expect(runTune(flags, account().process().io)).rejects.toMatchObject({ code: 'CONSENT' });
    expect(writes()).toEqual([]);
  });

  it.each([
    [{ ...flags, function: undefined }, 'No function is given.'],
    [{ ...flags, memory: '64' }, /64/],
    [{ ...flags, payload: '{"n":' }, /--payload/],
    [{ ...flags, report: ['tabel'], json: undefined }, '"tabel" is not a format here.'],
    [{ ...flags, continue: 'none.json' }, 'Cannot read the saved run none.json (ENOENT).'],
    [{ ...flags, resume: 'nothing', function: undefined, memory: undefined }, /nothing/],
  ])('finds what is wrong with %j before it calls anything', async (wrong, message) => {
    await expect(runTune(wrong, account().process().io)).rejects.toThrow(message);
    expect(account().lab.endpoint.calls()).toEqual([]);
  });

  it('tells of a folder that has the name of a function that is not there', async () => {
    const { io } = account().process({ cwd: join(account().folder, '..') });
    const name = account().folder.split('/').at(-1);
    await expect(runTune({ ...flags, function: name }, io)).rejects.toMatchObject({
      hint: expect.stringContaining(`There is ./${name} here`),
    });
  });

  it('ends with 130 when it is interrupted, with the run as far as it came, and removes its copies', async () => {
    await withOrders();
    const { io, stdout } = account().process({ speed: 20 });
    account().under({
      faults: ({ operation }) => {
        if (operation === 'Invoke') io.interrupt('SIGINT', 'Ctrl-C');
        return undefined;
      },
    });
    expect(await runTune({ ...flags, yes: true }, io)).toBe(130);
    expect(tuningResultSchema.parse(JSON.parse(stdout())).ended).toBe('interrupted');
    expect(account().lab.endpoint.snapshot().functions).toHaveLength(1);
  });

  it('ends with 5 and names what it may not remove', async () => {
    await withOrders();
    const { io, stdout } = account().process({ speed: 200 });
    account().under({ deny: [{ action: 'lambda:DeleteFunction', resource: '*' }] });
    expect(await runTune({ ...flags, yes: true }, io)).toBe(5);
    const { leftBehind } = tuningResultSchema.parse(JSON.parse(stdout()));
    expect(leftBehind.map(({ kind }) => kind)).toContain('function');
  });
});

it('tune without credentials or region says which is missing', async () => {
  const { io } = fakeIo({ env: { AWS_EC2_METADATA_DISABLED: 'true' } });
  await expect(runTune({ ...flags, dryRun: true }, io)).rejects.toMatchObject({ exitCode: 2 });
});
