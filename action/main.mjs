// Starts tune as a direct child and hands signals on. A cancelled job signals only the entry process of a step: under bash or
// npx a command line tool never hears of it, and what it had made would stay until its lease ends.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tuneAndPropose } from './proposing.mjs';
import { fail, input, paths, tell, words } from './run.mjs';
import { onInconclusive } from './targets.mjs';

/** 5 and above: something was left behind, or it was interrupted. */
const lastCleanCode = 4;

const { folder, cli, isThere } = paths();
const args = words(input('args'));
if (!isThere) fail(`There is no ${cli}. Add tune to the project: npm install --save-dev lambda-tune`);
else if (args.includes('--run-id')) fail('--run-id is given by the action: its post step cleans up by it.');
else if (input('mode', 'run') === 'tune-and-propose') await proposing();
else if (input('mode', 'run') !== 'run') fail('mode is run or tune-and-propose.');
else if (args.length === 0) fail('args says what to run, for instance: check --function orders --against orders:live');
else run();

async function proposing() {
  const runId = `gh-${randomBytes(5).toString('hex')}`;
  tell('GITHUB_STATE', 'run', runId);
  await tuneAndPropose({ folder, cli, args, runIdOf: (index) => `${runId}-p${index + 1}` });
}

function run() {
  const runId = `gh-${randomBytes(5).toString('hex')}`;
  // First, so that the post step knows it whatever happens to this one.
  tell('GITHUB_STATE', 'run', runId);
  const temporary = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'tune-action-'));
  const table = join(temporary, 'table.txt');
  const reports = ['--report', 'github', '--report', `table=${table}`];
  const child = spawn(
    process.execPath,
    [cli, ...args, ...onInconclusive(args, folder), '--run-id', runId, ...reports],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`tune could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    try {
      process.stdout.write(readFileSync(table, 'utf8'));
    } catch {
      // It ended before there was anything to show.
    }
    rmSync(temporary, { recursive: true, force: true });
    tell('GITHUB_OUTPUT', 'exit-code', code ?? signal);
    // It came to its end and removed what it made: the post step has nothing to look for, and needs no credentials.
    if (code !== null && code <= lastCleanCode) tell('GITHUB_STATE', 'ended', code);
    process.exitCode = code ?? 1;
  });
}
