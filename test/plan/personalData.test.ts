import { describe, expect, it } from 'vitest';
import type { Payload } from '../../src/model/measurement.ts';
import { sensitiveValues, sensitiveWarning } from '../../src/plan/personalData.ts';

const found = (value: unknown) => sensitiveValues(JSON.stringify(value)).map(({ pointer, kind }) => [pointer, kind]);

describe('what looks like personal data or a secret', () => {
  it.each<[string, unknown, string]>([
    ['an address', 'jo@shop.test', 'e-mail address'],
    ['an address in a sentence', 'write to jo@shop.test today', 'e-mail address'],
    ['a phone number', '+49 (30) 1234-5678', 'phone number'],
    ['a card number, by its check digit', '4111 1111 1111 1111', 'card number'],
    ['a card number that is a number', 4111111111111111, 'card number'],
    ['a bank account, by its check digits', 'DE89 3704 0044 0532 0130 00', 'bank account'],
    ['a social security number', '078-05-1120', 'social security number'],
    ['an access key', 'AKIAIOSFODNN7EXAMPLE', 'AWS access key'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nabc', 'private key'],
    ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', 'signed token'],
    ['a token of a code host', `ghp_${'a1'.repeat(18)}`, 'token'],
    ['credentials of a request', 'Bearer abcdef123456', 'credentials of a request'],
    ['a password in a URL', 'postgres://shop:hunter2@db/orders', 'password in a URL'],
    ['a presigned URL', 'https://b.s3.amazonaws.com/k?X-Amz-Signature=00', 'presigned URL'],
  ])('is %s', (_name, value, kind) => {
    expect(found({ a: { b: value } })).toEqual([['/a/b', kind]]);
  });

  it.each([
    ['an address of documentation', 'jo@example.com'],
    ['another one', 'jo@mail.example.org'],
    ['a number without the check digit', '4111 1111 1111 1112'],
    ['an account of AWS', '123456789012'],
    ['an ARN', 'arn:aws:iam::123456789012:role/sample'],
    ['a time', '2026-01-01T00:00:00Z'],
    ['a version', '1.2.3'],
  ])('is not %s', (_name, value) => {
    expect(found({ a: value })).toEqual([]);
  });

  it('is told by its name where the value does not tell', () => {
    expect(found({ customer: { firstName: 'Jo', db_password: 'x', 'X-Api-Key': 'y', passwordHint: 'z' } })).toEqual([
      ['/customer/firstName', 'personal by its name'],
      ['/customer/db_password', 'secret by its name'],
      ['/customer/X-Api-Key', 'secret by its name'],
    ]);
    expect(found({ passwords: [], password: '' })).toEqual([]);
  });

  it('is found inside of texts that hold JSON, as they are or in base64', () => {
    const inner = JSON.stringify({ email: 'jo@shop.test' });
    expect(found({ Records: [{ body: inner }, { data: Buffer.from(inner).toString('base64') }] })).toEqual([
      ['/Records/0/body → /email', 'e-mail address'],
      ['/Records/1/data → /email', 'e-mail address'],
    ]);
  });

  it('is never shown, not even where it is a key; keys are escaped as pointers are', () => {
    expect(found({ 'jo@shop.test': { 'a/b~c': '+4930123456' } })).toEqual([
      ['', 'e-mail address as a key'],
      ['/…/a~1b~0c', 'phone number'],
    ]);
  });

  it('ends in a document that is nested as deep as JSON can be, and in what is no JSON', () => {
    expect(sensitiveValues(`${'['.repeat(5000)}"jo@shop.test"${']'.repeat(5000)}`)).toEqual([]);
    expect(sensitiveValues('{"n": {{n}}}')).toEqual([]);
  });
});

describe('the note before a run', () => {
  const payload = (name: string, value: unknown): Payload => ({ name, body: JSON.stringify(value), weight: 1 });

  it('is none where nothing is found', () => {
    expect(sensitiveWarning([payload('payload', { n: 1 })])).toBeUndefined();
  });

  it('names place, kind and payload, a few of them', () => {
    const many = payload('b', { all: Array.from({ length: 6 }, (_, index) => `jo${index}@shop.test`) });
    expect(sensitiveWarning([payload('a', { pin: '078-05-1120' }), many])?.text).toBe(
      'The payload looks as if it held personal data or secrets: social security number at /pin of payload "a"; e-mail address at /all/0 of payload "b"; e-mail address at /all/1 of payload "b"; e-mail address at /all/2 of payload "b"; e-mail address at /all/3 of payload "b"; and 2 more. It is sent as it is, and nothing of it is saved.',
    );
  });

  it('names the line of JSON Lines', () => {
    const lines = ['{"n":1}', '{"to":"jo@shop.test"}'];
    expect(sensitiveWarning([{ name: 'payload', body: '{"n":1}', weight: 1, lines }])?.text).toContain(
      'e-mail address at /to of line 2',
    );
  });
});
