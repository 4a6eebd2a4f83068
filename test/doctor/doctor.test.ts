import { describe, expect, it } from 'vitest';
import { type AccountFound, diagnoseAccount, diagnoseMachine } from '../../src/doctor/doctor.ts';

const problem = { message: 'It went wrong.', hint: 'Do this.' };
const healthy = {
  region: 'us-east-1',
  proxied: false,
  identity: { value: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/ci' } },
  clockOffsetMs: 0,
  looks: {
    concurrency: { unreserved: 1000, total: 1000 },
    shadows: { value: [] },
    logGroups: { value: [] },
    deadRuns: [],
  },
} satisfies AccountFound;

const levels = (account: AccountFound) => diagnoseAccount(account).map(({ subject, level }) => `${subject} ${level}`);
const lineOf = (account: AccountFound, subject: string) =>
  diagnoseAccount(account).find((one) => one.subject === subject);
const looking = (looks: Partial<NonNullable<AccountFound['looks']>>): AccountFound => ({
  ...healthy,
  looks: { ...healthy.looks, ...looks },
});

describe('what tune doctor says', () => {
  it('of a healthy account: nothing to do', () => {
    const lines = diagnoseAccount(healthy);
    expect(lines.every(({ level, cure }) => level === 'ok' && cure === undefined)).toBe(true);
    expect(lineOf(healthy, 'concurrency')?.text).toBe('1000 unreserved; tune will keep 32 in flight');
  });

  it('of credentials that do not work: nothing else is judged', () => {
    const { looks: _, ...rest } = healthy;
    expect(levels({ ...rest, identity: { problem } })).toEqual(['region ok', 'credentials fail', 'clock ok']);
  });

  it.each<[string, AccountFound, string, string]>([
    ['credentials that end soon', { ...healthy, credentialsExpireInS: 600 }, 'credentials', 'they expire in 10 min'],
    ['a slow clock', { ...healthy, clockOffsetMs: 3_600_000 }, 'clock', '60 min behind the service'],
    ['a fast clock', { ...healthy, clockOffsetMs: -420_000 }, 'clock', '7 min ahead of the service'],
    ['a new account', looking({ concurrency: { unreserved: 10, total: 10 } }), 'concurrency', 'will keep 1 in flight'],
    ['a new account', looking({ concurrency: { unreserved: 10, total: 10 } }), 'memory', 'often stop at 3,008 MB'],
    ['lists that are denied', looking({ shadows: { problem } }), 'permissions', 'It went wrong.'],
    ['a killed run', looking({ deadRuns: ['abc'] }), 'left behind', 'killed runs: abc'],
    [
      'shadows',
      looking({ shadows: { value: ['tune-a', 'tune-b', 'tune-c', 'tune-d'] } }),
      'left behind',
      '4 copies (tune-a, tune-b, tune-c, …)',
    ],
  ])('of %s: a warning with a cure', (_name, account, subject, text) => {
    expect(lineOf(account, subject)).toMatchObject({
      level: 'warn',
      text: expect.stringContaining(text),
      cure: expect.stringMatching(/./),
    });
  });

  it('of concurrency that may not be read', () => {
    const { concurrency: _, ...looks } = healthy.looks;
    expect(lineOf({ ...healthy, looks }, 'concurrency')).toMatchObject({
      level: 'warn',
      cure: expect.stringContaining('lambda:GetAccountSettings'),
    });
  });

  it('of a function that cannot be copied: a failure with its own hint', () => {
    expect(lineOf(looking({ target: { problem } }), 'function')).toEqual({
      subject: 'function',
      level: 'fail',
      text: problem.message,
      cure: problem.hint,
    });
  });

  it('of the machine', () => {
    const machine = { nodeVersion: 'v20.1.0', stateDirectory: { value: { folder: '/state' } }, unreadableJournals: [] };
    expect(diagnoseMachine(machine).map(({ level }) => level)).toEqual(['ok', 'ok']);
    expect(
      diagnoseMachine({ nodeVersion: 'v18.1.0', stateDirectory: { problem }, unreadableJournals: ['x.jsonl'] }).map(
        ({ level }) => level,
      ),
    ).toEqual(['fail', 'fail', 'warn']);
    const elsewhere = { ...machine, stateDirectory: { value: { folder: '/tmp/tune', warning: 'kept in /tmp/tune' } } };
    expect(diagnoseMachine(elsewhere)[1]).toMatchObject({ level: 'warn', text: 'kept in /tmp/tune' });
  });
});
