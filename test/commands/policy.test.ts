import { describe, expect, it } from 'vitest';
import { runPolicy } from '../../src/commands/policy/policy.ts';
import { inLabAccount } from './labAccount.ts';

describe('tune policy', () => {
  const account = inLabAccount();
  const actionsOf = (text: string) =>
    (JSON.parse(text) as { Statement: { Action: string[]; Resource: string[] | string }[] }).Statement.flatMap(
      ({ Action }) => Action,
    );

  it('without a function calls nothing, and says that it is for any', async () => {
    const { io, stdout, stderr } = account().process();
    expect(await runPolicy({}, io)).toBe(0);
    expect(actionsOf(stdout())).toContain('lambda:CreateFunction');
    expect(stderr()).toMatch(/^tune: for any function without layers.*--function/);
    expect(account().lab.endpoint.calls()).toEqual([]);
  });

  it('is for the partition of the region that is named, else of the environment', async () => {
    const named = account().process();
    await runPolicy({ region: 'cn-north-1' }, named.io);
    expect(named.stdout()).toContain('arn:aws-cn:');
    const surrounded = account().process({ env: { AWS_REGION: 'us-gov-west-1' } });
    await runPolicy({}, surrounded.io);
    expect(surrounded.stdout()).toContain('arn:aws-us-gov:');
  });

  it('adds what payloads and hooks of a run take, and nothing more', async () => {
    const { io, stdout } = account().process();
    const hook = 'arn:aws:lambda:eu-west-1:123456789012:function:tidy:live';
    expect(
      await runPolicy({ payload: 's3://events/order.json', before: 'prepare', after: './x.sh', afterRun: hook }, io),
    ).toBe(0);
    const { Statement: statements } = JSON.parse(stdout()) as {
      Statement: { Sid: string; Action: string[]; Resource: string[] }[];
    };
    expect(
      statements.filter(({ Sid }) => ['TuneHook', 'TunePayloadObject', 'TuneTestEvent'].includes(Sid)),
    ).toMatchObject([
      { Sid: 'TunePayloadObject', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::events/order.json'] },
      {
        Sid: 'TuneHook',
        Action: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
        Resource: [
          'arn:aws:lambda:*:*:function:prepare',
          'arn:aws:lambda:*:*:function:prepare:*',
          'arn:aws:lambda:eu-west-1:123456789012:function:tidy',
          'arn:aws:lambda:eu-west-1:123456789012:function:tidy:*',
        ],
      },
    ]);
    const event = account().process();
    await runPolicy({ payload: 'test-event:checkout' }, event.io);
    expect(event.stdout()).toContain('schema/lambda-testevent-schemas/_*-schema');
    expect(actionsOf(event.stdout())).toContain('schemas:DescribeSchema');
  });

  it('with a function only reads it, and names nobody else’s', async () => {
    await account().lab.create();
    account().under({});
    const { io, stdout, stderr } = account().process();
    expect(await runPolicy({ function: 'orders' }, io)).toBe(0);
    expect(stderr()).toBe('');
    expect(stdout()).toContain('function:orders');
    expect(
      account()
        .lab.endpoint.calls()
        .map(({ operation }) => operation)
        .filter((operation) => !/^(Get|List)/.test(operation)),
    ).toEqual([]);
  });

  it.each([
    ['terraform', /^data "aws_iam_policy_document"|^resource /m],
    ['cloudformation', /Statement/],
  ])('is printed for %s', async (format, shape) => {
    const { io, stdout } = account().process();
    expect(await runPolicy({ format }, io)).toBe(0);
    expect(stdout()).toMatch(shape);
  });

  it('refuses a path, a function that is not there, and a flag that makes no sense', async () => {
    const { io, stdout } = account().process();
    await expect(runPolicy({ function: './orders' }, io)).rejects.toMatchObject({
      code: 'USAGE',
      message: './orders is a path, which is measured here and needs no permission.',
    });
    await expect(runPolicy({ function: 'nothing' }, io)).rejects.toMatchObject({ exitCode: 2 });
    await expect(runPolicy({ format: 'yaml' }, io)).rejects.toMatchObject({
      message: '--format must be json, terraform or cloudformation.',
      hint: 'tune policy --help lists every option.',
    });
    expect(stdout()).toBe('');
  });
});
