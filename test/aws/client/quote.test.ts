import { describe, expect, it } from 'vitest';
import { textsOf, withoutSecrets } from '../../../src/aws/client/quote.ts';

describe('words of a function without its secrets', () => {
  it.each([
    ['as it is', 'token=hunter2-long', ['hunter2-long'], 'token=***'],
    ['as JSON writes it', '{"key":"a\\"b\\nc"}', ['a"b\nc'], '{"key":"***"}'],
    ['line by line', 'BEGIN KEY-----\nabcdefgh', ['BEGIN KEY-----\nabcdefgh12345678\nEND KEY-----'], '***\nabcdefgh'],
    ['the longer first', 'abcdef abc', ['abc', 'abcdef'], '*** ***'],
    ['not what is too short to be one', 'a=1 no', ['1', 'no'], 'a=1 no'],
    ['no signed URL', 'see https://b.s3.amazonaws.com/k?X-Amz-Signature=1 now', [], 'see *** now'],
  ])('%s', (_, text, secrets, left) => {
    expect(withoutSecrets(text, secrets)).toBe(left);
  });

  it('know every text and longer number of a payload', () => {
    const payload = '{"card":"4111-1111","pin":[41111111],"n":7,"who":{"name":"Ada L."}}';
    expect(withoutSecrets("KeyError: '4111-1111' 41111111 Ada L. 7", textsOf(payload))).toBe(
      "KeyError: '***' *** *** 7",
    );
  });
});
