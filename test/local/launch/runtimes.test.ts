import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { featureFlags, findRuntime } from '../../../src/local/launch/runtimes.ts';

const known = ['--experimental-require-module', '--experimental-detect-module', '--inspect'];

it.each([
  [18, '', []],
  [20, '', ['--no-experimental-require-module']],
  [22, '', ['--no-experimental-require-module', '--no-experimental-detect-module']],
  [24, '', ['--no-experimental-require-module']],
  [26, '', []],
  [22, '--enable-source-maps --experimental-require-module', ['--no-experimental-detect-module']],
  [22, '--experimental-detect-module', ['--no-experimental-require-module']],
])('nodejs%i.x with NODE_OPTIONS "%s" runs without what Lambda disables', (major, options, flags) => {
  expect(featureFlags(major, known, options)).toEqual(flags);
});

it('a host whose Node does not know a feature is given no flag for it', () => {
  expect(featureFlags(22, ['--experimental-detect-module'], '')).toEqual(['--no-experimental-detect-module']);
});

it('a Node of the wanted version in PATH runs its functions; a shim that does not answer as Node does is passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nodes-'));
  try {
    const answers = { node97: 'echo no such version; exit 1', node98: "printf 'v97.1.0\\n/opt/node97/bin/node\\n'" };
    const scripts = { ...answers, node99: "printf 'v99.1.0\\n--inspect\\n/opt/node99/bin/node\\n'" };
    for (const [name, script] of Object.entries(scripts)) {
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, name), 0o755);
    }
    const search = { execPath: process.execPath, path: `relative:${folder}` };
    const spec = { memoryMb: 128, environment: {}, handler: 'index.handler', codeFolder: folder };
    const startedWith = async (runtime: string) => {
      const { command, notice } = await findRuntime(runtime, search);
      return [(await command(spec))?.[0], notice?.code];
    };
    expect(await startedWith('nodejs99.x')).toEqual(['/opt/node99/bin/node', undefined]);
    expect(await startedWith('nodejs98.x')).toEqual([process.execPath, 'runtime-differs']);
    expect(await startedWith('nodejs97.x')).toEqual([process.execPath, 'runtime-differs']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("a version manager's shim leads to the program that the user would run, for which it needs the rest of PATH", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shims-'));
  try {
    const written = async (name: string, script: string) => {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, name), 0o755);
    };
    await written('shims/node99', 'exec manager node');
    await written('shims/python3.99', 'exec manager python');
    await written(
      'tools/manager',
      "case $1 in node) printf 'v99.1.0\\n/m/99/node\\n' ;; *) printf '/m/py\\n3.99\\n' ;; esac",
    );
    const search = { execPath: process.execPath, path: `${join(folder, 'shims')}:${join(folder, 'tools')}` };
    const spec = { memoryMb: 128, environment: {}, handler: 'index.handler', codeFolder: folder };
    const node = await findRuntime('nodejs99.x', search);
    expect([(await node.command(spec))?.[0], node.notice]).toEqual(['/m/99/node', undefined]);
    const python = await findRuntime('python3.99', search);
    expect([(await python.command(spec))?.[0], python.notice]).toEqual(['/m/py', undefined]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('Go functions of old are told how they run today, and those of another version of Ruby by what', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'languages-'));
  try {
    await writeFile(join(folder, 'ruby'), '#!/bin/sh\necho ruby 3.1.2p20\n');
    await chmod(join(folder, 'ruby'), 0o755);
    const search = { execPath: process.execPath, path: folder };
    await expect(findRuntime('go1.x', search)).rejects.toMatchObject({
      hint: expect.stringMatching(/-tags lambda\.norpc -o bootstrap.* --runtime provided\.al2023$/),
    });
    expect((await findRuntime('ruby3.4', search)).notice?.text).toBe("ruby3.4 is run with this machine's Ruby 3.1.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
