import { describe, expect, it } from 'vitest';
import { traceHeader, traceOf } from '../../../src/local/http/traceHeader.ts';

const at = new Date('2026-11-29T00:00:00Z');
const root = '1-6a5145aa-290a323a5de9a2e0636377d4';
const parent = '1e4dbd311c45e826';
const headerOf = (given: string | undefined, isTraced: boolean) => traceHeader(traceOf(given, at, isTraced));

describe('the trace of an invocation', () => {
  it('is a new one of its second, always with a parent, and sampled where the function is traced', () => {
    expect(headerOf(undefined, false)).toMatch(/^Root=1-6b0b6b00-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(headerOf(undefined, true)).toMatch(/;Sampled=1$/);
  });

  it('is the one that the caller is in', () => {
    const given = `Root=${root};Parent=${parent};Sampled=1;Lineage=1:fe460cdd:0`;
    expect(headerOf(given, false)).toBe(`Root=${root};Parent=${parent};Sampled=1`);
    expect(headerOf(`Sampled=0; Root=${root}`, true)).toMatch(
      new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`),
    );
  });

  it('has a segment of its own where the function is traced', () => {
    const { root: went, parent: own } = traceOf(`Root=${root};Parent=${parent};Sampled=1`, at, true);
    expect(went).toBe(root);
    expect(own).not.toBe(parent);
  });

  it.each(['', 'x', `Root=${root}\n`.slice(0, 20), 'Root=1-abc-def;Parent=1', `Parent=${parent}`])(
    'is a new one where the header is none: %j',
    (given) => {
      expect(headerOf(given, false)).toMatch(/^Root=1-6b0b6b00-[0-9a-f]{24};Parent=(?!1e4d)[0-9a-f]{16};Sampled=0$/);
    },
  );
});
