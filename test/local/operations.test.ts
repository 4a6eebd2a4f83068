import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unservedLambda } from '../../src/local/http/unservedLambda.ts';
import { operations } from '../../src/local/operations.ts';

const had = Object.values(operations).flatMap((service) => Object.keys(service));

it('the manual lists the operations that the endpoint has, and no other ones', () => {
  const manual = readFileSync(new URL('../../docs/local.md', import.meta.url), 'utf8');
  const [, table = ''] = /## What it has\n\n([\s\S]*?)\n\n- /.exec(manual) ?? [];
  const rows = table.split('\n').slice(2);
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  expect(listed.sort()).toEqual([...had].sort());
});

it('what Lambda has and the endpoint does not is not among what it has', () => {
  expect(unservedLambda.map(([, , name]) => name).filter((name) => had.includes(name))).toEqual([]);
});
