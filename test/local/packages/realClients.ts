import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { failure, type Program } from '../programs/program.ts';

/** A runtime interface client of AWS's own in a folder, for this interpreter; or why there is none. */
export type Installed =
  | { readonly folder: string; readonly program: string; readonly version: string }
  | { readonly problem: string };

/**
 * awslambdaric from where pip's own configuration has it (PIP_INDEX_URL, PIP_FIND_LINKS, PIP_NO_INDEX, pip.conf): a machine that does
 * not reach PyPI can have it in a folder. Its native part takes cmake, a C++ compiler and autotools.
 */
export function installPythonClient(folder: string): Installed {
  const about = 'import sys; print(sys.executable, "%d.%d" % sys.version_info[:2])';
  const [program = '', version = ''] = told('python3', ['-c', about]).split(' ');
  if (version === '') return { problem: 'no python3 here' };
  const args = ['-m', 'pip', 'install', '--no-input', '--target', folder, 'awslambdaric'];
  return installed('awslambdaric', program, args, { folder, program, version });
}

/** aws_lambda_ric, by bundler's own configuration: `bundle config set mirror.https://rubygems.org file:///gems` where that is not reached. */
export function installRubyClient(folder: string): Installed {
  const version = told('ruby', ['-e', 'print RUBY_VERSION[/\\d+\\.\\d+/]']);
  if (version === '') return { problem: 'no ruby here' };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Gemfile'), "source 'https://rubygems.org'\ngem 'aws_lambda_ric'\n");
  const set = spawnSync('bundle', ['config', 'set', '--local', 'path', 'vendor/bundle'], { cwd: folder });
  if (set.status !== 0) return { problem: 'no bundler here' };
  return installed('aws_lambda_ric', 'bundle', ['install', '--retry', '1'], { folder, program: 'ruby', version });
}

function told(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

function installed(
  name: string,
  program: string,
  args: readonly string[],
  made: Extract<Installed, { readonly folder: string }>,
): Installed {
  const cwd = name === 'awslambdaric' ? undefined : made.folder;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 500_000 });
  if (status === 0) return made;
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /^(?:error|could not|fatal|× )/i.test(line));
  const last = lines.findLast((line) => line !== '') ?? '';
  const why = error?.message ?? (errors.length === 0 ? last : errors.join(' '));
  return { problem: `${name} cannot be installed here: ${why}` };
}

const ruby = (name: string, source: string, calls: Program['calls'], more: Partial<Program> = {}): Program => ({
  name,
  runtime: 'ruby',
  handler: 'app.handler',
  files: { 'app.rb': source },
  calls,
  ...more,
});

/** What is Lambda's of them: the client's own words are its own. */
export const rubyPrograms: readonly Program[] = [
  ruby(
    'answers, logs and knows its function',
    'COUNT = [0]\ndef handler(event:, context:)\n  puts "é"\n  COUNT[0] += 1\n  { got: event["n"], memory: context.memory_limit_in_mb, left: context.get_remaining_time_in_millis > 0, runs: ENV["AWS_EXECUTION_ENV"][0, 15], count: COUNT[0] }\nend',
    [
      {
        event: { n: 'ü' },
        answer: { got: 'ü', memory: '512', left: true, runs: 'AWS_Lambda_ruby', count: 1 },
        logs: ['é\n'],
      },
      { answer: { got: null, memory: '512', left: true, runs: 'AWS_Lambda_ruby', count: 2 }, hasNoInit: true },
    ],
  ),
  ruby('an error of its own, and the next call', 'def handler(event:, context:)\n  raise ArgumentError, "bad"\nend', [
    {
      answer: failure('Function<ArgumentError>', 'bad', {
        stackTrace: expect.arrayContaining([expect.stringMatching(/^\/var\/task\/app\.rb:2:/)]),
      }),
      fails: 'none',
      logs: ['Error raised from handler method\n', '"errorType": "Function<ArgumentError>"'],
    },
    { answer: failure('Function<ArgumentError>', 'bad'), fails: 'none', hasNoInit: true },
  ]),
  ruby('a name that is not there ends the process', 'def handler(event:, context:) = nowhere', [
    { answer: failure('Function<NameError>', /undefined local variable or method/), fails: 'Runtime.ExitError' },
  ]),
  ruby('an error in init', 'require "nowhere_to_be_found"\ndef handler(event:, context:) = 1', [
    {
      answer: failure('Init<LoadError>', /cannot load such file -- nowhere_to_be_found/),
      fails: 'Runtime.Unknown',
      hasNoInit: true,
    },
  ]),
  ruby(
    'a handler of a class',
    'class Orders\n  def self.run(event:, context:) = "of a class"\nend',
    [{ answer: 'of a class' }],
    { handler: 'app.Orders.run' },
  ),
  ruby(
    'a call that takes too long',
    'def handler(event:, context:) = sleep(30)',
    [
      {
        answer: failure('Sandbox.Timedout', /Task timed out after 1\.00 seconds$/),
        fails: 'Sandbox.Timedout',
        billsMs: 1000,
      },
    ],
    { spec: { timeoutS: 1 } },
  ),
];
