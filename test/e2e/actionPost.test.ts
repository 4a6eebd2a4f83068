import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './support.ts';

/** The steps of the action as a runner starts them: inputs and state in variables, files that are read between the steps. */
describe('the action on folders, without an account', () => {
  let workspace: string;
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
    await cp(join(root, 'fixtures/functions/empty-node'), join(workspace, 'build'), { recursive: true });
  });
  afterEach(() => rm(workspace, { recursive: true, force: true }));

  async function step(file: string, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [join(root, 'action', file)], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: workspace,
        GITHUB_WORKSPACE: workspace,
        GITHUB_STATE: join(workspace, 'state'),
        GITHUB_OUTPUT: join(workspace, 'output'),
        RUNNER_TEMP: workspace,
        INPUT_CLI: join(root, 'bin', 'tune.js'),
        'INPUT_WORKING-DIRECTORY': '.',
        ...env,
      },
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { code, output };
  }

  /** What the runner hands to the post step: the lines of GITHUB_STATE. */
  async function stateAfterMain(): Promise<Record<string, string>> {
    const text = await readFile(join(workspace, 'state'), 'utf8');
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => [`STATE_${line.split('=')[0]}`, line.slice(line.indexOf('=') + 1)]),
    );
  }

  it('measures, and its post step has nothing to do and says nothing', async () => {
    const inputs = { INPUT_ARGS: 'check --function ./build --against ./build --max-invocations 12 --no-fail' };
    const main = await step('main.mjs', inputs);
    expect(main.output).toContain('measured side by side');
    expect(main.code).toBe(0);
    const state = await stateAfterMain();
    expect(state).toMatchObject({ STATE_run: expect.stringMatching(/^gh-/), STATE_ended: '0' });
    expect(await step('post.mjs', { ...inputs, ...state })).toEqual({ code: 0, output: '' });
  });

  /** No number of calls shows that not one more of them fails. */
  const undecided = 'check --function ./build --against ./build --max-invocations 12 --max-error-increase 0%';

  it('warns where a check could not decide, and does not break the build', async () => {
    const main = await step('main.mjs', { INPUT_ARGS: undecided });
    expect(main.output).toContain('::warning title=tune check');
    expect(main.code).toBe(0);
    expect(await readFile(join(workspace, 'output'), 'utf8')).toContain('verdict=inconclusive');
  });

  it('leaves what is to happen then to the arguments and to the config file where they say it', async () => {
    expect((await step('main.mjs', { INPUT_ARGS: `${undecided} --on-inconclusive fail` })).code).toBe(1);
    await writeFile(join(workspace, 'tune.config.json'), JSON.stringify({ onInconclusive: 'fail' }));
    expect((await step('main.mjs', { INPUT_ARGS: undecided })).code).toBe(1);
  });

  it.each([
    ['a folder', '--function ./build'],
    ['a folder below one', '-f packages/orders'],
    ['a folder above', '--function=../orders'],
    ['a package', 'check --function build.zip --against ./main'],
  ])(
    'killed while it measured %s leaves nothing in an account, so the post step asks for no region',
    async (_, args) => {
      expect(await step('post.mjs', { INPUT_ARGS: args, STATE_run: 'gh-0123456789' })).toEqual({ code: 0, output: '' });
    },
  );

  it('killed over the folders of a config file asks for no region either', async () => {
    const config = {
      functions: [
        { function: './build', against: './main' },
        { function: './other', maxP95Ms: 10 },
      ],
    };
    await writeFile(join(workspace, 'tune.config.json'), JSON.stringify(config));
    const state = { INPUT_ARGS: 'check --yes', STATE_run: 'gh-0123456789' };
    expect(await step('post.mjs', state)).toEqual({ code: 0, output: '' });
  });

  it('killed over a folder that was compared with a function in AWS still looks there', async () => {
    const state = { INPUT_ARGS: 'check --function ./build --against orders', STATE_run: 'gh-0123456789' };
    const { code, output } = await step('post.mjs', state);
    expect(code).toBe(1);
    expect(output).toContain('tune cleanup --run gh-0123456789');
  });
});
