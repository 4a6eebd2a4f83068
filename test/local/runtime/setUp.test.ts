import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import { awaitInit } from '../../../src/local/runtime/phases.ts';
import { startProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import type { Sandbox, SandboxEvent } from '../../../src/local/runtime/sandbox.ts';
import { invoke, payloadOf, specOf } from '../execution.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-up-test-'));
  mkdirSync(join(folder, 'tools'));
  mkdirSync(join(folder, 'own'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An executor for which `mount` fails as often as there are files in `failing`. */
async function executorWithMount(context: TestContext) {
  const failing = join(folder, 'failing');
  mkdirSync(failing);
  const mount = join(folder, 'tools', 'mount');
  writeFileSync(
    mount,
    `#!/bin/sh
for file in '${failing}'/*; do
  [ -f "$file" ] || continue
  rm "$file"
  echo 'mount: failed to set up a loop device' >&2
  exit 32
done
exec /usr/bin/mount "$@"
`,
  );
  chmodSync(mount, 0o755);
  const executor = await startProcessExecutor({
    temporaryFolder: join(folder, 'own'),
    hostEnvironment: { PATH: `${join(folder, 'tools')}:${process.env.PATH}` },
    execPath: process.execPath,
    pid: process.pid,
  });
  if (executor.notices().some(({ code }) => code === 'tmp-shared')) {
    await executor.close();
    context.skip('no mount namespaces here');
  }
  return {
    executor,
    fail: (times: number) => {
      for (let time = 0; time < times; time += 1) writeFileSync(join(failing, String(time)), '');
    },
  };
}

it('an environment that could not be set up at once is set up again: no part of its init, nor of its log', async (context) => {
  const { executor, fail } = await executorWithMount(context);
  fail(1);
  const environment = await executor.start(specOf('empty-node'));
  const result = await invoke(environment);
  await executor.close();
  expect(result).toMatchObject({ status: 'success', initOutput: '', output: '', initDurationMs: expect.any(Number) });
});

it('one that cannot be set up says that it is this machine, not the function', async (context) => {
  const { executor, fail } = await executorWithMount(context);
  // Twice in init, twice in the invocation.
  fail(4);
  const environment = await executor.start(specOf('empty-node'));
  const result = await invoke(environment);
  await executor.close();
  expect(result).toMatchObject({ status: 'error', errorType: 'Sandbox.SetUpFailed', environmentEnded: true });
  expect(payloadOf(result).errorMessage).toMatch(
    /Error: This machine could not set the environment up, so the runtime was never started \(exit status 32; what its tools said is in the log\)$/,
  );
  expect(result.initOutput).toContain('mount: failed to set up a loop device');
});

it('an end without a start is told from one of the runtime', async () => {
  const outcome = async (...events: readonly SandboxEvent[]) => {
    const queue = [...events];
    const extensions = { readySinceMs: () => 0 };
    const sandbox = { openedAtMs: 1000, nextEvent: async () => queue.shift(), extensions };
    return awaitInit(sandbox as unknown as Sandbox, 10_000);
  };
  const exit = { kind: 'exit', atMs: 1300, exitCode: 32, signal: null, outOfMemory: false } as const;
  const started = { kind: 'started', atMs: 1200 } as const;
  expect(await outcome(exit)).toMatchObject({ kind: 'failed', neverStarted: true, durationMs: 0 });
  // Seen in the other order, on a busy machine.
  for (const ofRuntime of [await outcome(started, exit), await outcome(exit, started)]) {
    expect(ofRuntime).toMatchObject({ kind: 'failed', durationMs: 100 });
    expect(ofRuntime).not.toHaveProperty('neverStarted');
  }
});
