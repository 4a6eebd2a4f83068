import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConnections } from '../../../src/commands/shared/connections.ts';
import { aroundRun, askedHooks, openHooks } from '../../../src/commands/shared/hooks.ts';
import { openSession } from '../../../src/commands/shared/session.ts';
import type { Hook, HookAnswer } from '../../../src/model/hooks.ts';
import { withDefaults } from '../../../src/options/defaults.ts';
import { resolveOptions } from '../../../src/options/options.ts';
import { fakeIo } from '../../support/fakeIo.ts';
import { inLabAccount } from '../labAccount.ts';

const optionsOf = (flags: Readonly<Record<string, unknown>>) => withDefaults('tune', resolveOptions(undefined, flags));

describe('hooks that are asked for', () => {
  it('are functions by name, commands by path, in the order in which they are called', () => {
    expect(askedHooks(optionsOf({ after: 'audit', beforeRun: './seed.sh' }), false)).toEqual([
      { key: 'after', request: { kind: 'function', named: 'audit' } },
      { key: 'beforeRun', request: { kind: 'command', line: './seed.sh' } },
    ]);
  });

  it('are commands alone where a path is measured: there is no account for a function', () => {
    expect(() => askedHooks(optionsOf({ before: 'audit' }), true)).toThrow(
      '--before names a function, and a path is measured without an account.',
    );
    expect(askedHooks(optionsOf({ before: './seed.sh' }), true)).toHaveLength(1);
  });
});

describe('hooks that are opened', () => {
  const account = inLabAccount();
  const opened = async (flags: Readonly<Record<string, unknown>>) => {
    const { io } = account().process();
    const connections = openConnections(io);
    try {
      const options = optionsOf({ function: 'orders' });
      const session = await openSession('orders', options, { memoryMb: [512], warnings: [] }, io, connections);
      const asked = optionsOf({ function: 'orders', ...flags });
      return await openHooks(askedHooks(asked, false), session, asked, io, connections);
    } finally {
      await connections.close();
    }
  };

  it('are priced before the run: a function as it may cost at its timeout, a command not at all', async () => {
    await account().lab.create();
    await account().lab.create({ FunctionName: 'audit', Timeout: 10 });
    const hooks = await opened({ before: 'audit', after: 'cmd:true' });
    // 128 MB for an init of 10 s and the timeout of 10 s, in us-east-1: 2.5 GB-seconds at $0.0000166667, and the request.
    expect(hooks?.costs.perCall.worstUsd).toBeCloseTo(0.00004186675, 9);
    expect(hooks?.costs.perRun).toEqual({ expectedUsd: 0, worstUsd: 0 });
    expect(hooks?.costs.hasCommands).toBe(true);
    expect([hooks?.calls?.before?.kind, hooks?.calls?.after?.kind, hooks?.run.beforeRun]).toEqual([
      'function',
      'command',
      undefined,
    ]);
  });

  it('are none where none is asked for', async () => {
    await account().lab.create();
    expect(await opened({})).toBeUndefined();
  });

  it.each([
    [{ after: 'orders' }, '--after names orders, the function that is measured.'],
    [{ before: './none.sh' }, '--before: there is no ./none.sh that can be run.'],
    [{ before: './plain.sh --fast' }, '--before: there is no ./plain.sh that can be run.'],
  ])('refuses %j, having called nobody', async (flags, message) => {
    await account().lab.create();
    writeFileSync(join(account().folder, 'plain.sh'), 'true');
    await expect(opened(flags)).rejects.toMatchObject({ code: 'USAGE', message });
    expect(
      account()
        .lab.endpoint.calls()
        .filter(({ operation }) => operation === 'Invoke'),
    ).toEqual([]);
  });
});

describe('hooks around a run', () => {
  const run = { runId: 'r1', function: 'orders' };
  const around = async (
    answers: { readonly before?: HookAnswer; readonly after?: HookAnswer },
    measure: (heard: string[]) => Promise<string>,
  ) => {
    const heard: string[] = [];
    const said: string[] = [];
    const { io } = fakeIo();
    const hook = (flag: string, answer: HookAnswer): Hook => ({
      flag,
      kind: 'command',
      worstCaseUsd: 0,
      run: async (input) => {
        heard.push(`${flag} ${input}`);
        return answer;
      },
    });
    const done: HookAnswer = { kind: 'done', output: '', costUsd: 0 };
    const hooks = {
      beforeRun: hook('--before-run', answers.before ?? done),
      afterRun: hook('--after-run', answers.after ?? done),
    };
    const onlooker = { say: (text: string) => said.push(text) };
    const ended = await aroundRun(hooks, run, io, onlooker, () => measure(heard)).catch((error: unknown) => error);
    return { ended, heard, said, io };
  };
  const failed: HookAnswer = {
    kind: 'failed',
    reason: 'exit code 1',
    lastLines: ['no \u001b[31mdatabase'],
    costUsd: 0,
  };
  const measured = async (heard: string[]) => {
    heard.push('measure');
    return 'result';
  };

  it('are told the run, before it and after it, and how it ended', async () => {
    const { ended, heard } = await around({}, measured);
    expect(ended).toBe('result');
    expect(heard).toEqual([
      '--before-run {"runId":"r1","function":"orders"}',
      'measure',
      '--after-run {"runId":"r1","function":"orders","ended":"measured"}',
    ]);
  });

  it('measures nothing where the one before fails; the one after puts in order all the same', async () => {
    const { ended, heard } = await around({ before: failed }, measured);
    expect(ended).toMatchObject({ code: 'HOOK', message: 'The hook --before-run failed: exit code 1.' });
    expect(heard.slice(1)).toEqual(['--after-run {"runId":"r1","function":"orders","ended":"failed"}']);
  });

  it('keeps what was measured where the one after fails, and shows its words without their escapes', async () => {
    const { ended, said } = await around({ after: failed }, measured);
    expect(ended).toBe('result');
    expect(said.join('')).toContain('the hook --after-run failed: exit code 1');
    expect(said.join('')).not.toContain('\u001b');
  });

  it('tells the one after of an interruption', async () => {
    const { io } = fakeIo();
    const heard: string[] = [];
    const afterRun: Hook = {
      flag: '--after-run',
      kind: 'command',
      worstCaseUsd: 0,
      run: async (input, signal) => {
        heard.push(`${input} ${signal.aborted}`);
        return { kind: 'done', output: '', costUsd: 0 };
      },
    };
    await aroundRun({ afterRun }, run, io, { say: () => undefined }, async () => {
      io.interrupt('SIGINT', 'Ctrl-C');
    });
    // Its own call is not broken off by what ended the run.
    expect(heard).toEqual(['{"runId":"r1","function":"orders","ended":"interrupted"} false']);
  });
});
