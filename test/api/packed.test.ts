import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../e2e/support.ts';

const run = promisify(execFile);
/** The one whose older ways to resolve a module people still have, and the one that has a fraction of its work. */
const [tsc, quickTsc] = ['typescript', 'typescript-native'].map((name) =>
  join(root, 'node_modules', name, 'bin', 'tsc'),
);

/** The example of the documentation in a project of its own, which has the packed package and what it depends on. */
describe('the packed package', () => {
  let project: string;
  let installed: string;
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'tune-packed-'));
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
      cwd: root,
    });
    const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout));
    installed = join(project, 'node_modules', 'lambda-tune');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', join(project, packed?.filename ?? ''), '-C', installed, '--strip-components=1']);
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')));
    // The compiler's own types come with the project, everything else with the package.
    for (const name of [...Object.keys(dependencies), '@types/node']) {
      const place = join(project, 'node_modules', name);
      await mkdir(dirname(place), { recursive: true });
      await symlink(join(root, 'node_modules', name), place);
    }
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await cp(join(root, 'docs', 'examples', 'from-code.ts'), join(project, 'from-code.ts'));
    await cp(join(root, 'fixtures', 'functions', 'empty-node'), join(project, 'fn'), { recursive: true });
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  async function compile(compiler: string | undefined, ...settings: readonly string[]): Promise<string> {
    const target = ['--strict', '--esModuleInterop', '--target', 'es2023', '--lib', 'es2023', '--types', 'node'];
    const args = [compiler ?? '', ...settings, ...target, 'from-code.ts'];
    const { stdout } = await run(process.execPath, args, { cwd: project }).catch(
      (error: { readonly stdout: string }) => error,
    );
    return stdout;
  }

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
    ['esnext', 'node10'],
  ])('has types that resolve, module %s and resolution %s', async (module, resolution) => {
    const settings = ['--module', module, '--moduleResolution', resolution, '--outDir', resolution];
    expect(await compile(tsc, ...settings, '--skipLibCheck')).toBe('');
  });

  it('has types without an error of their own, all of them looked at', async () => {
    expect(await compile(quickTsc, '--module', 'nodenext', '--moduleResolution', 'nodenext', '--noEmit')).toBe('');
  });

  it('does what the example says, without an account, and lets the process end by itself', async () => {
    const env = { PATH: process.env.PATH, HOME: project, TUNE_STATE_DIR: join(project, 'state') };
    const { stdout, stderr } = await run(process.execPath, [join('nodenext', 'from-code.js')], { cwd: project, env });
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('4.800e-7 US$');
    expect(lines[1]).toMatch(/^about \d+ calls$/);
    expect(lines[2]).toMatch(/^completed: \w+, [24] rows$/);
    expect(lines[3]).toMatch(/^(passed|regressed|inconclusive): true$/);
    expect(lines[4]).toMatch(/^compatible: \w+$/);
    expect(lines[5]).toBe('CONFIG: Options: "memroy" is not an option. Did you mean "memory"?');
  });

  it('brings functions the AWS SDK, also where it lies in a /tmp that each of them has for itself', async () => {
    const folder = join(project, 'with-sdk');
    await mkdir(folder);
    const code = "exports.handler = async () => typeof require('@aws-sdk/client-lambda').LambdaClient;";
    await writeFile(join(folder, 'index.js'), code);
    await writeFile(join(folder, 'package.json'), '{}');
    const args = ['--function', './with-sdk', '--memory', '512', '--invocations', '1', '--json'];
    const env = { PATH: process.env.PATH, HOME: project, TUNE_STATE_DIR: join(project, 'state') };
    const { stdout } = await run(process.execPath, [join(installed, 'bin', 'tune.js'), ...args], { cwd: project, env });
    expect(JSON.parse(stdout)).toMatchObject({ configurations: [{ status: 'measured' }, { status: 'projected' }] });
  });

  it('loads neither the SDK nor listens to signals before something is measured', async () => {
    const reader = await mkdtemp(join(tmpdir(), 'tune-reader-'));
    try {
      await cp(installed, join(reader, 'node_modules', 'lambda-tune'), { recursive: true });
      for (const name of ['zod', 'fastest-levenshtein']) {
        await symlink(join(root, 'node_modules', name), join(reader, 'node_modules', name));
      }
      const script = `
        const { parseReportLine } = await import('lambda-tune');
        process.stdout.write(JSON.stringify([typeof parseReportLine, process.listenerCount('SIGINT')]));
      `;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: reader });
      expect(JSON.parse(stdout)).toEqual(['function', 0]);
    } finally {
      await rm(reader, { recursive: true, force: true });
    }
  });
});
