// `mode: tune-and-propose`: measures the functions of the config one after another, and keeps one pull request for each answer.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectForge, ForgeError } from './forge.mjs';
import { propose, withdraw } from './proposal.mjs';
import { bodyOf, titleOf } from './proposalText.mjs';
import { fail, input, say, tell, warn } from './run.mjs';
import { optionValue } from './targets.mjs';

/** @param {{ folder: string, cli: string, args: readonly string[], runIdOf: (index: number) => string }} place */
export async function tuneAndPropose({ folder, cli, args, runIdOf }) {
  const token = input('token');
  const repository = process.env.GITHUB_REPOSITORY ?? '';
  const parent = process.env.GITHUB_SHA ?? '';
  const into = input('base', process.env.GITHUB_REF_NAME ?? '');
  if (token === '' || repository === '' || parent === '' || into === '') {
    return fail('Proposals need the token of the workflow (input token), and a job on a branch of GitHub.');
  }
  const forge = connectForge({ apiUrl: process.env.GITHUB_API_URL ?? 'https://api.github.com', repository, token });
  const entries = entriesOf(folder, args);
  if (entries.length === 0)
    return fail('No function is named: put "functions" into tune.config.json, or --function into args.');
  let worst = 0;
  const temporary = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'tune-propose-'));
  try {
    for (const [index, entry] of entries.entries()) {
      const job = { folder, cli, args, entry, temporary, forge, parent, into, runId: runIdOf(index) };
      worst = Math.max(worst, await one(job));
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  tell('GITHUB_OUTPUT', 'exit-code', worst);
  if (worst <= 4) tell('GITHUB_STATE', 'ended', worst);
  process.exitCode = worst;
  return worst;
}

async function one({ folder, cli, args, entry, temporary, forge, parent, into, runId }) {
  const functionName = entry.function;
  const config = join(temporary, 'config.json');
  const saved = join(temporary, 'run.json');
  const table = join(temporary, 'run.md');
  writeFileSync(config, JSON.stringify(entry));
  const own = withoutOptions(args, ['--config', '--function', '-f']);
  const measuring = [
    '--config',
    config,
    ...own,
    '--run-id',
    runId,
    '--report',
    `json=${saved}`,
    '--report',
    `markdown=${table}`,
  ];
  const code = await tune(cli, folder, measuring);
  if (code !== 0) {
    warn(`${functionName} was not measured to an answer (exit code ${code}); its pull request stays as it is.`);
    return code;
  }
  const run = JSON.parse(readFileSync(saved, 'utf8'));
  const named = ['apply', saved, '--json', ...filed(entry)];
  const shown = ask(cli, folder, named);
  const application = shown.document;
  if (application === undefined) {
    warn(`${functionName}: nothing is proposed. ${shown.said}`);
    return 0;
  }
  const answer = ask(cli, folder, ['report', saved, '--quiet']).said;
  try {
    // What a file says differently beside an answer to stay is for people who ask for it.
    switch (run.answer.kind === 'change' ? application.outcome : 'stay') {
      case 'stay':
      case 'present': {
        const closed = await withdraw(forge, run.target.functionName, `This no longer holds. ${answer}`);
        say(
          `${functionName}: ${application.outcome === 'present' ? 'has the answer already' : 'stays as it is'}${closed === undefined ? '' : `; closed ${closed.url}`}`,
        );
        return 0;
      }
      case 'differs':
        break;
      default: {
        // What is open is of another file or another answer: it could not be brought up to date any more.
        const closed = await withdraw(
          forge,
          run.target.functionName,
          `The answer can no longer be written into the file that defines the function. ${answer}`,
        );
        warn(
          `${functionName}: the answer cannot be proposed (${application.outcome})${closed === undefined ? '' : `; closed ${closed.url}`}. See: tune apply run.json`,
        );
        return 0;
      }
    }
    const written = writtenFile(cli, folder, named, application.edits[0].file);
    const body = bodyOf({
      application,
      run,
      markdown: readFileSync(table, 'utf8'),
      answer,
      command: `tune ${[...own, '--function', functionName].map(quoted).join(' ')}`,
      usesAppToken: input('token-of-app') === 'true',
    });
    const { done, url } = await propose(forge, {
      functionName: run.target.functionName,
      parent,
      into,
      ...written,
      title: titleOf(application),
      body,
    });
    if (done === 'leftAlone') warn(`${functionName}: its branch has commits of somebody else, so it is left alone.`);
    else if (done === 'declined')
      say(`${functionName}: the same answer was closed by hand, so it is not opened again: ${url}`);
    else say(`${functionName}: ${done} ${url}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    fail(`${functionName}: ${error.message}`);
    return 3;
  }
}

/** As the proposal has it; the file of the job is put back, so that the next function starts from what was checked out. */
function writtenFile(cli, folder, named, file) {
  const root = spawnSync('git', ['rev-parse', '--show-toplevel'], { cwd: folder, encoding: 'utf8' }).stdout.trim();
  const path = join(root, file);
  const before = readFileSync(path);
  const mode = (statSync(path).mode & 0o111) === 0 ? '100644' : '100755';
  try {
    const { said, document } = ask(cli, folder, [...named, '--write', '--yes']);
    if (document?.outcome !== 'written') throw new Error(said);
    return { file, mode, content: readFileSync(path) };
  } finally {
    writeFileSync(path, before);
  }
}

/** The functions of the config, each with the options that all have in common; what a check alone reads is left out. */
function entriesOf(folder, args) {
  const named = optionValue(args, '--function', '-f');
  const { functions, ...common } = readConfig(folder, optionValue(args, '--config') ?? 'tune.config.json');
  const ofConfig = functions ?? [common];
  const own = ofConfig.find((entry) => entry.function === named) ?? { function: named };
  const entries = named === undefined ? ofConfig : [own];
  return entries
    .map((entry) => withoutKeys({ ...common, ...entry }, ['against', 'baseline', 'report']))
    .filter((entry) => typeof entry.function === 'string');
}

function readConfig(folder, name) {
  try {
    return JSON.parse(readFileSync(resolve(folder, name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

function withoutKeys(object, keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function withoutOptions(args, names) {
  return args.filter((word, index) => {
    const isOne = names.some((name) => word === name || word.startsWith(`${name}=`));
    return !isOne && !names.includes(args[index - 1] ?? '');
  });
}

/** `file:` of the input `templates`, one `function = file` a line. */
function filed(entry) {
  const line = input('templates')
    .split('\n')
    .map((one) => one.split('=').map((part) => part.trim()))
    .find(([name]) => name === entry.function);
  return line?.[1] === undefined ? [] : ['--file', line[1]];
}

function tune(cli, folder, args) {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const handOn = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn);
  return new Promise((ended) => {
    child.on('error', () => ended(70));
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, handOn);
      ended(code ?? 143);
    });
  });
}

function ask(cli, folder, args) {
  const { stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  try {
    return { document: JSON.parse(stdout), said: stderr.trim() };
  } catch {
    return { document: undefined, said: (stdout.trim() || stderr.trim()).split('\n')[0] ?? '' };
  }
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
