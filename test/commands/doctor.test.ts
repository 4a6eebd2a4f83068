import { expect, it } from 'vitest';
import { runDoctor } from '../../src/commands/doctor/doctor.ts';
import { inLabAccount } from './labAccount.ts';

const account = inLabAccount();

async function examined(flags: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  const { io, stdout } = account().process({ env });
  const code = await runDoctor({ json: true, ...flags }, io);
  const { checks } = JSON.parse(stdout()) as { checks: { subject: string; level: string; text: string }[] };
  return { code, levels: Object.fromEntries(checks.map(({ subject, level }) => [subject, level])), checks };
}

it('tune doctor ends with 0 where nothing keeps a run from starting, and writes nothing', async () => {
  await account().lab.create();
  account().under({});
  const { code, levels } = await examined({ function: 'orders' });
  expect([code, levels.node, levels.credentials, levels.function]).toEqual([0, 'ok', 'ok', 'ok']);
  const writes = account()
    .lab.endpoint.calls()
    .filter(({ operation }) => /^(Create|Put|Delete|Update|Invoke|Publish)/.test(operation));
  expect(writes).toEqual([]);
});

it('tune doctor ends with 2 where the function is not there, and says so beside what is well', async () => {
  const { code, levels, checks } = await examined({ function: 'nothing' });
  expect([code, levels.credentials, levels.function]).toEqual([2, 'ok', 'fail']);
  expect(checks.find(({ subject }) => subject === 'function')?.text).toContain('nothing');
});

it('tune doctor tells what it may not look at', async () => {
  account().under({ deny: [{ action: 'lambda:ListFunctions', resource: '*' }] });
  expect((await examined({})).levels.permissions).toBe('warn');
});

it('tune doctor is lines for people, without colour where there is no terminal', async () => {
  const { io, stdout } = account().process();
  await runDoctor({}, io);
  expect(stdout()).toMatch(/^ok {4}node/);
  expect(stdout()).not.toContain('\u001b');
  const seen = account().process({ terminal: true, env: { TERM: 'xterm-256color' } });
  await runDoctor({}, seen.io);
  expect(seen.stdout()).toContain('\u001b[');
});

it('tune doctor names a flag that makes no sense', async () => {
  await expect(runDoctor({ endpointUrl: 'nowhere' }, account().process().io)).rejects.toMatchObject({
    code: 'USAGE',
    message: '--endpoint-url must be a URL.',
  });
});
