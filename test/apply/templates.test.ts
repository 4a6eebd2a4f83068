import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases } from './cases.ts';
import { edited, fixture } from './editing.ts';

describe('the templates of people', () => {
  it.each(cases)(
    '$file: $select gets $values in exactly these lines',
    async ({ file, select, values, options, lines, refusals = [], besides = [] }) => {
      const done = await edited(file, fixture(file), select, values, options);
      expect(done.lines).toEqual(lines);
      expect(done.refusals).toEqual(refusals);
      expect(done.besides).toEqual(besides);
    },
  );

  it('are each edited, or refused, in some case', () => {
    const folder = new URL('../../fixtures/apply', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
    expect(files.length).toBeGreaterThanOrEqual(46);
    expect(files.filter((name) => !cases.some(({ file }) => file === name))).toEqual([]);
  });

  it('keep a line end of Windows in what is put in', async () => {
    const { after } = await edited('a.yaml', fixture('sam/crlf.yaml'), 'Orders', { architecture: 'arm64' });
    expect(after).toContain('      MemorySize: 512\r\n      Architectures: [arm64]\r\n      Runtime: java21\r\n');
    const { after: hcl } = await edited('a.tf', fixture('terraform/crlf.tf'), 'aws_lambda_function.orders', {
      memoryMb: '256',
    });
    expect(hcl).toContain('  timeout       = 30\r\n  memory_size   = 256\r\n}');
  });

  it('keep a byte order mark, and no line end at the end of the file', async () => {
    const { before, after } = await edited('a.yaml', fixture('sam/bom.yaml'), 'Bestellung', { memoryMb: '1024' });
    expect(after).toBe(before.replace('MemorySize: 512', 'MemorySize: 1024'));
    const { after: bare } = await edited('a.yaml', fixture('sam/noLineEnd.yaml'), 'Orders', { memoryMb: '1024' });
    expect(bare.endsWith('\n      MemorySize: 1024')).toBe(true);
  });

  it('may have 5,000 lines', async () => {
    const functions = Array.from({ length: 500 }, (_, index) =>
      [
        `  # number ${index}`,
        `  Fn${index}:`,
        '    Type: AWS::Serverless::Function',
        '    Properties:',
        `      FunctionName: shop-${index}`,
        `      CodeUri: src/${index}`,
        '      Handler: app.handler',
        '      MemorySize: 512',
        '      Timeout: 10',
        '',
      ].join('\n'),
    );
    const text = ['Transform: AWS::Serverless-2016-10-31', 'Resources:', ...functions].join('\n');
    expect(text.split('\n').length).toBeGreaterThan(5000);
    const { lines, after } = await edited('big.yaml', text, 'Fn377', { memoryMb: '1769' });
    expect(lines).toEqual(['-      MemorySize: 512', '+      MemorySize: 1769']);
    expect(after.split('\n').findIndex((line) => line.includes('1769'))).toBe(
      text.split('\n').findIndex((line) => line.includes('shop-377')) + 3,
    );
  });

  it('which have it already are left as they are', async () => {
    const done = await edited('a.yaml', fixture('sam/plain.yaml'), 'OrdersFunction', {
      memoryMb: '512',
      architecture: 'x86_64',
      snapStart: 'off',
    });
    expect([done.present, done.before === done.after]).toEqual([['memoryMb', 'architecture', 'snapStart'], true]);
  });
});
