import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseRunLogGroup,
  parseShadowName,
  parseStagedKey,
  runLogGroup,
  shadowName,
  stagedKey,
} from '../../../src/aws/client/names.ts';
import { isRunId } from '../../../src/model/runId.ts';

describe('shadow names', () => {
  it('reads like tune-<run>-<architecture>-<k>-<name>', () => {
    expect(shadowName({ runId: 'k3x9', architecture: 'arm64', number: 12, target: 'orders' })).toBe(
      'tune-k3x9-arm64-12-orders',
    );
  });

  it('cuts a long target name so that Lambda takes the whole', () => {
    const name = shadowName({
      runId: 'abcdefghijklmnopqrstuvwx',
      architecture: 'x86_64',
      number: 3,
      target: 'n'.repeat(64),
    });
    expect(name).toBe('tune-abcdefghijklmnopqrstuvwx-x86_64-3-nnnnnnnnnnnnnnnnnnnnnnnnn');
    expect(name).toHaveLength(64);
  });

  it('refuses a run id whose names would read back as those of another run', () => {
    expect(() => shadowName({ runId: 'a-arm64-1', architecture: 'x86_64', number: 1, target: 'orders' })).toThrow(
      '"a-arm64-1" cannot be a run id.',
    );
  });

  it.each([
    'orders',
    'tune-orders',
    'tune-k3x9-arm64-orders',
    'tune-k3x9-arm64-0-orders',
    'tune--arm64-1-orders',
    'tune-K3-arm64-1-orders',
    'tune-k3x9-riscv-1-orders',
    'tune-k3x9-arm64-1-',
    ' tune-k3x9-arm64-1-o',
    'tune-k3x9-arm64-1-o\n',
    `tune-k3x9-arm64-1-${'o'.repeat(60)}`,
  ])('does not take %j for a shadow', (name) => {
    expect(parseShadowName(name)).toBeUndefined();
  });

  it('reads back whatever it makes, and Lambda takes it', () => {
    const runId = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/);
    const target = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(
        runId,
        fc.constantFrom('x86_64' as const, 'arm64' as const),
        fc.integer({ min: 1, max: 9999 }),
        target,
        (run, architecture, number, name) => {
          fc.pre(!/-arm64-\d/.test(run));
          const made = shadowName({ runId: run, architecture, number, target: name });
          expect(made).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
          expect(parseShadowName(made)).toMatchObject({ runId: run, architecture, number });
        },
      ),
      { seed: 7, numRuns: 1000 },
    );
  });
});

describe('log groups and staged packages of runs', () => {
  it('read back', () => {
    expect(runLogGroup('k3x9')).toBe('/aws/lambda/tune-k3x9');
    expect(parseRunLogGroup('/aws/lambda/tune-k3x9')).toBe('k3x9');
    expect(stagedKey('k3x9', 'arm64')).toBe('lambda-tune/k3x9/arm64.zip');
    expect(parseStagedKey('lambda-tune/k3x9/arm64.zip')).toBe('k3x9');
  });

  it.each([
    '/aws/lambda/tune-',
    '/aws/lambda/tune-K',
    '/aws/lambda/tune-a_b',
    '/aws/lambda/tune-a/b',
    '/aws/lambda/tuner',
    'x/aws/lambda/tune-a',
    '/aws/lambda/tune-k3x9-',
  ])('%s is no log group of a run', (name) => {
    expect(parseRunLogGroup(name)).toBeUndefined();
  });

  it('a run id has 1 to 24 lower-case letters, digits or inner hyphens', () => {
    expect(['a', 'a-1', 'x'.repeat(24)].every(isRunId)).toBe(true);
    expect(['', '-a', 'a-', 'A', 'a_b', 'x'.repeat(25), 'a\n'].some(isRunId)).toBe(false);
  });
});
