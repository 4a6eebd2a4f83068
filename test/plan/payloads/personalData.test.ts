import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Payload } from '../../../src/model/payload.ts';
import { sensitiveValues, sensitiveWarning } from '../../../src/plan/payloads/personalData.ts';

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
    ['a card number in a sentence', 'charge 4111-1111-1111-1111, please', 'card number'],
    ['a card number of JCB', '3530111333300000', 'card number'],
    ['a bank account in a sentence', 'to DE89 3704 0044 0532 0130 00 by Monday', 'bank account'],
    ['a social security number in a sentence', 'it is 078-05-1120', 'social security number'],
    ['a phone number of the US', '(555) 123-4567', 'phone number'],
    ['an address that is encoded', 'to=jo%40shop.test', 'e-mail address'],
    ['an address with other letters', 'jürgen@müller.test', 'e-mail address'],
    ['a key of a payment service', `sk_test_${'a1'.repeat(12)}`, 'token'],
    ['a key of a language model', `sk-proj-${'aB3'.repeat(16)}`, 'token'],
    ['a key of a registry', `npm_${'a1'.repeat(18)}`, 'token'],
    ['a password in a URL without a user', 'redis://:hunter2@db/0', 'password in a URL'],
    ['a form', 'user=jo&password=hunter2', 'secret by its name'],
    ['a query string', 'view=full&access_token=abcdef', 'secret by its name'],
    ['a form in base64', Buffer.from('user=jo&password=hunter2').toString('base64'), 'secret by its name'],
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
    ['a package with its version', 'tool@1.2.3-beta.rc'],
    ['a repository', 'git@github.com:owner/name.git'],
    ['a file for sharp screens', 'logo@2x.png'],
    ['a sum', 'a+1 234 567 890'],
    ['a code of a product', '1234-56-78901'],
    ['a form without secrets', 'view=full&page=2'],
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

  it('is told by its name also of numbers, in lists, and in attributes of tables and queues', () => {
    expect(found({ pin: 4711, passwords: ['hunter2'], Item: { email: { S: 'jo' }, n: { N: '4711' } } })).toEqual([
      ['/pin', 'secret by its name'],
      ['/passwords/0', 'secret by its name'],
      ['/Item/email/S', 'personal by its name'],
    ]);
    expect(found({ messageAttributes: { apiKey: { stringValue: 'hunter2', dataType: 'String' } } })).toEqual([
      ['/messageAttributes/apiKey/stringValue', 'secret by its name'],
    ]);
  });

  it('is not a count, a place in a list, an id, or what stands for a value', () => {
    expect(found({ tokens: 512, maxTokens: 4096, nextToken: 'abcdef', orderId: 4532015112830366 })).toEqual([]);
    expect(found({ password: '***', token: '<token>', secret: '{{uuid}}', email: 'redacted', mobile: true })).toEqual(
      [],
    );
  });

  it('is found in what is packed, as CloudWatch Logs hands it over', () => {
    const data = gzipSync(JSON.stringify({ logEvents: [{ message: 'mail from jo@shop.test' }] })).toString('base64');
    expect(found({ awslogs: { data } })).toEqual([['/awslogs/data → /logEvents/0/message', 'e-mail address']]);
  });

  it('is found in a template that is JSON only when it is filled', () => {
    expect(sensitiveValues('{"n": {{n}}, "email": "jo@shop.test"}')).toEqual([
      { pointer: '/email', kind: 'e-mail address' },
    ]);
  });

  it('is looked for in a long text in little time', { timeout: 30_000 }, () => {
    for (const part of ['a.', 'A1B2 ', 'a=b&', '4 1 ', 'a@b.']) {
      expect(sensitiveValues(JSON.stringify(part.repeat(200_000)))).toEqual([]);
    }
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
