import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildProgram, main } from '../../src/cli/cli.ts';
import { renderCompletion } from '../../src/commands/completion/completionScript.ts';
import { fakeIo } from '../support/fakeIo.ts';

const program = buildProgram(fakeIo().io, () => undefined);
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** What bash offers after `line`, whose last word is being typed. */
function bash(line: string): readonly string[] {
  const words = line.split(' ');
  const script = `${renderCompletion('bash', program)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_tune; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((word) => word !== '');
}

describe.skipIf(!has('bash'))('completion in bash', () => {
  it('offers options by their beginning, also those that only the long help shows', () => {
    expect(bash('tune --max-')).toEqual([
      '--max-rate',
      '--max-p95-ms',
      '--max-error-share',
      '--max-spend-usd',
      '--max-in-flight',
    ]);
    expect(bash('tune --stag')).toEqual(['--staging-bucket']);
  });

  it('offers commands, and then the options of that command', () => {
    expect(bash('tune cl')).toEqual(['cleanup']);
    expect(bash('tune cleanup --o')).toEqual(['--older-than']);
    expect(bash('tune cleanup --mem')).toEqual([]);
  });

  it('offers what an option takes on that command', () => {
    expect(bash('tune migrate -m ')).toEqual(['current', 'auto']);
    expect(bash('tune check --report svg')).toEqual([]);
    expect(bash('tune --goal ba')).toEqual(['balanced']);
    expect(bash('tune --report ju')).toEqual(['junit']);
    expect(bash('tune report run.json --report svg')).toEqual(['svg']);
    expect(bash('tune -m a')).toEqual(['auto', 'all']);
    expect(bash('tune completion f')).toEqual(['fish']);
    expect(bash('tune --region eu-central-')).toEqual(['eu-central-1', 'eu-central-2']);
    expect(bash('tune --architecture a')).toEqual(['arm64']);
  });
});

/** Words that fish offers for what stands on its command line. */
function fish(line: string): readonly string[] {
  const script = `${renderCompletion('fish', program)}\ncomplete -C '${line}'`;
  const { stdout, stderr, status } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').flatMap((word) => (word === '' ? [] : [word.split('\t')[0] ?? '']));
}

describe.skipIf(!has('fish'))('completion in fish', () => {
  it('offers commands, options and what they take', () => {
    expect(fish('tune cl')).toEqual(['cleanup']);
    expect(fish('tune cleanup --old')).toEqual(['--older-than']);
    expect(fish('tune --goal ba')).toEqual(['balanced']);
    expect(fish('tune completion z')).toEqual(['zsh']);
  });
});

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  it('is a script that zsh can read, and defines its function', () => {
    const script = `autoload -Uz compinit; compinit -u -D\n${renderCompletion('zsh', program)}\nwhence -w _tune; print $_comps[tune]`;
    const { stdout, stderr, status } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
    expect([status, stderr, stdout]).toEqual([0, '', '_tune: function\n_tune\n']);
  });
});

it('names the shells there are when asked for another', async () => {
  const { io, stderr } = fakeIo();
  expect(await main(['completion', 'tcsh'], io)).toBe(2);
  expect(stderr()).toContain('tune completion bash, tune completion zsh, tune completion fish');
});
