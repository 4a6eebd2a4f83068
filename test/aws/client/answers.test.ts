import type { GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { checkedAccount, checkedFunction } from '../../../src/aws/client/answers.ts';

const $metadata = {};
/** What JSON may hold, whatever the SDK's types say. */
const answer = (fields: object): GetFunctionCommandOutput => ({ $metadata, ...fields });

describe('an answer of the service', () => {
  it('is used as it is when every field has the type that it should have', () => {
    const whole = answer({
      Configuration: { Runtime: 'nodejs22.x', EphemeralStorage: { Size: 512 }, Environment: { Variables: { A: 'b' } } },
      NewInTheApi: { anything: [1] },
    });
    expect(checkedFunction(whole)).toBe(whole);
  });

  it.each([
    ['a runtime that is an object', { Configuration: { Runtime: { odd: 1 } } }, 'Configuration.Runtime'],
    [
      'a storage beyond all numbers',
      { Configuration: { EphemeralStorage: { Size: 1e308 } } },
      'Configuration.EphemeralStorage.Size',
    ],
    [
      'an environment value that is null',
      { Configuration: { Environment: { Variables: { TABLE: null } } } },
      'Configuration.Environment.Variables',
    ],
    ['an ARN that is a list', { Configuration: { FunctionArn: ['arn'] } }, 'Configuration.FunctionArn'],
    ['no object at all', { Configuration: 7 }, 'Configuration'],
  ])('is refused for %s, by the name of the field', (_, fields, field) => {
    expect(() => checkedFunction(answer(fields))).toThrow(
      `The endpoint's answer to GetFunction is not usable: ${field} is not valid.`,
    );
  });

  it('about the account is refused for a concurrency that is no number', () => {
    const read = () => checkedAccount({ AccountLimit: { UnreservedConcurrentExecutions: '1000' } });
    expect(read).toThrow('AccountLimit.UnreservedConcurrentExecutions is not valid');
  });
});
