import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { TuneError } from '../../base/errors.ts';
import { packageFolder } from '../../base/packageFolder.ts';
import type { Warning } from '../../model/warning.ts';
import type { EnvironmentSpec } from '../service/execution.ts';
import { launchProblem } from './launchProblem.ts';
import { findOwnClient } from './ownClients.ts';

/** How a runtime identifier is run on this machine. */
export interface RuntimeCommand {
  /** Program and arguments. `undefined`: the package's own `bootstrap`. @throws TuneError where the package lacks what it takes */
  command(spec: LaunchSpec): readonly string[] | undefined | Promise<readonly string[]>;
  /** Before anything is started. @throws TuneError where the package lacks what it takes */
  readonly check?: (handler: string, files: readonly string[]) => void;
  /** Where the runtime differs from Lambda's. */
  readonly notice?: Warning | undefined;
}

/** What the command that starts a runtime depends on. */
export type LaunchSpec = Pick<EnvironmentSpec, 'memoryMb' | 'environment' | 'handler' | 'codeFolder'>;

export interface InterpreterSearch {
  /** The Node that runs this program. */
  readonly execPath: string;
  readonly path: string;
}

/** The checked-in bootstraps, also when dist/ runs: only one copy is shipped. */
export const bootstrapsFolder = join(packageFolder, 'src/local/runtime/bootstraps');

/** Throws TuneError (TARGET) for a runtime that this machine cannot run. */
export async function findRuntime(runtime: string, search: InterpreterSearch): Promise<RuntimeCommand> {
  if (/^provided(\.al\d+)?$/.test(runtime)) return { command: () => undefined };
  const node = /^nodejs(\d+)/.exec(runtime);
  if (node !== null) return findNode(runtime, node[1] ?? '', search);
  const python = /^python(3\.\d+)$/.exec(runtime);
  if (python !== null) return findPython(runtime, python[1] ?? '', search.path);
  const other = await findOwnClient(runtime, search.path);
  if (other !== undefined) {
    const { otherVersion, ...found } = other;
    return { ...found, notice: otherVersion === undefined ? undefined : differs(runtime, otherVersion) };
  }
  if (runtime === 'go1.x') {
    throw new TuneError('TARGET', 'Runtime go1.x cannot be run locally: its functions speak a protocol of their own.', {
      hint: 'Build it as `bootstrap` (GOOS=linux go build -tags lambda.norpc -o bootstrap), which current versions of aws-lambda-go make a custom runtime of, and give --runtime provided.al2023',
    });
  }
  throw new TuneError('TARGET', `Runtime ${JSON.stringify(runtime)} cannot be run locally.`, {
    hint: 'This machine runs nodejs*, python3.*, provided.* (any program that speaks the Lambda Runtime API), and java*, ruby* and dotnet* with their own runtime interface client in the package: choose one with --runtime, or measure the function in AWS: tune --function <name>',
  });
}

/** As Lambda's own bootstraps start a runtime: behind the program that AWS_LAMBDA_EXEC_WRAPPER names. */
export function wrapped(command: readonly string[], { environment }: LaunchSpec): readonly string[] {
  const wrapper = environment.AWS_LAMBDA_EXEC_WRAPPER ?? '';
  return wrapper === '' ? command : ['/bin/sh', join(bootstrapsFolder, 'wrap.sh'), ...command];
}

/** Of the wanted version, where this machine has it: this program's own, else `node24` or `node` in PATH. */
async function findNode(
  runtime: string,
  wantedMajor: string,
  { execPath, path }: InterpreterSearch,
): Promise<RuntimeCommand> {
  const asked = await askNode(execPath, path);
  if (asked === undefined) throw new Error(`${execPath} does not run`);
  // No shim: it runs already, by the name it was started by.
  const own = { ...asked, program: execPath };
  const isWanted = ({ version }: FoundNode) => version.startsWith(`v${wantedMajor}.`);
  const { program, version, knownFlags } = isWanted(own) ? own : ((await nodeIn(path, wantedMajor, isWanted)) ?? own);
  return {
    command: ({ memoryMb, environment }) => {
      const options = environment.NODE_OPTIONS ?? '';
      const flags = [...memoryFlags(memoryMb, options), ...featureFlags(Number(wantedMajor), knownFlags, options)];
      return [program, '--expose-gc', ...flags, join(bootstrapsFolder, 'node.mjs')];
    },
    notice: isWanted({ program, version, knownFlags }) ? undefined : differs(runtime, `Node.js ${version}`),
  };
}

interface FoundNode {
  readonly program: string;
  /** As `v24.1.0`. */
  readonly version: string;
  readonly knownFlags: readonly string[];
}

async function nodeIn(
  path: string,
  major: string,
  isWanted: (found: FoundNode) => boolean,
): Promise<FoundNode | undefined> {
  for (const name of [`node${major}`, 'node']) {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      const program = join(folder, name);
      const found = (await isThere(program)) ? await askNode(program, path) : undefined;
      if (found !== undefined && isWanted(found)) return found;
    }
  }
  return undefined;
}

/**
 * Asks the program itself: a file of that name may be a version manager's shim, which needs more than an environment has. The shim
 * is run as the user would, and what it leads to is taken.
 */
async function askNode(program: string, path: string): Promise<FoundNode | undefined> {
  try {
    const question = 'p = process, [p.version, ...p.allowedNodeEnvironmentFlags, p.execPath].join("\\n")';
    const { stdout } = await run(program, ['-p', question], { env: asUser(program, path) });
    const [version = '', ...rest] = stdout.trim().split('\n');
    const executable = rest.at(-1) ?? '';
    if (!/^v\d+\./.test(version) || !isAbsolute(executable)) return undefined;
    return { program: executable, version, knownFlags: rest.slice(0, -1) };
  } catch {
    return undefined;
  }
}

/** Shims look for their own tools in PATH, and for the program beside themselves first. */
function asUser(program: string, path: string) {
  return { PATH: `${dirname(program)}${delimiter}${path}`, HOME: homeFolder() };
}

/** Users of containers may have none: their number is in no list of users. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/**
 * What Lambda's Node runtimes have been seen to pass: 90 % old space, 5 % semi-space, and nothing where the function sets
 * either (the bootstrap of nodejs24.x, as published by others).
 */
function memoryFlags(memoryMb: number, nodeOptions: string): readonly string[] {
  if (/--max[-_](?:semi|old)[-_]space[-_]size/.test(nodeOptions)) return [];
  return [
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb * 0.05))}`,
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
  ];
}

/**
 * What Node enables by now and Lambda disables, unless the function's NODE_OPTIONS say otherwise (AWS docs, lambda-nodejs:
 * require(esm) under 20.x and 22.x, detection of modules under 22.x; that it is off under 24.x, too, is users' word).
 */
export function featureFlags(major: number, known: readonly string[], nodeOptions: string): readonly string[] {
  const disabled = [
    ...(major >= 20 && major <= 24 ? ['experimental-require-module'] : []),
    ...(major === 22 ? ['experimental-detect-module'] : []),
  ];
  const asked = nodeOptions.split(/\s+/);
  return disabled
    .filter((feature) => known.includes(`--${feature}`) && !asked.includes(`--${feature}`))
    .map((feature) => `--no-${feature}`);
}

async function findPython(runtime: string, wanted: string, path: string): Promise<RuntimeCommand> {
  for (const name of [`python${wanted}`, 'python3']) {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      const found = await askPython(join(folder, name), path);
      if (found === undefined) continue;
      return {
        // -u: what is printed is written at once, as Lambda does; -B: no __pycache__ in the code folder.
        command: () => [found.executable, '-u', '-B', join(bootstrapsFolder, 'python.py')],
        notice: found.version === wanted ? undefined : differs(runtime, `Python ${found.version}`),
      };
    }
  }
  throw new TuneError('TARGET', `Runtime ${runtime} cannot be run locally: no python${wanted} or python3 in PATH.`, {
    hint: 'Install Python 3, or measure the function in AWS: tune --function <name>',
  });
}

/** Asks the interpreter itself: a file of that name may be a version manager's shim for something not installed. */
async function askPython(
  program: string,
  path: string,
): Promise<{ readonly executable: string; readonly version: string } | undefined> {
  try {
    const question = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
    const { stdout } = await run(program, ['-c', question], { env: asUser(program, path) });
    const [executable = '', version = ''] = stdout.split('\n');
    return isAbsolute(executable) ? { executable, version } : undefined;
  } catch {
    return undefined;
  }
}

function differs(runtime: string, used: string): Warning {
  return { code: 'runtime-differs', text: `${runtime} is run with this machine's ${used}.` };
}

/** The program that starts a custom runtime: the package's, else that of a layer. */
export async function findBootstrap({
  codeFolder,
  optFolder,
}: Pick<EnvironmentSpec, 'codeFolder' | 'optFolder'>): Promise<{
  readonly command: readonly string[];
  readonly problem: string | undefined;
}> {
  const places = [
    { path: join(codeFolder, 'bootstrap'), shown: '/var/task/bootstrap' },
    ...(optFolder === undefined ? [] : [{ path: join(optFolder, 'bootstrap'), shown: '/opt/bootstrap' }]),
  ];
  for (const { path, shown } of places) {
    if (await isThere(path)) return { command: [path], problem: await launchProblem(path, shown) };
  }
  return { command: [], problem: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]" };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const run = promisify(execFile);
