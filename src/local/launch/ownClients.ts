import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { TuneError } from '../../base/errors.ts';
import type { EnvironmentSpec } from '../service/execution.ts';

/** A language that this program has no runtime of: its functions run with the runtime interface client that they bring. */
interface Language {
  readonly program: string;
  /** For people. */
  readonly name: string;
  /** How the program is asked which versions it runs, and what of its answer is one, as runtimes are named by it. */
  readonly versions: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** Undefined: its client is not in the package. `files` are all of the package. */
  command(program: string, spec: Launch, files: readonly string[]): readonly string[] | undefined;
  /** How a package gets it. */
  readonly remedy: string;
}

type Launch = Pick<EnvironmentSpec, 'memoryMb' | 'handler' | 'codeFolder'>;

const javaClient = 'com/amazonaws/services/lambda/runtime/api/client/AWSLambda';

const languages: Readonly<Record<string, Language>> = {
  java: {
    program: 'java',
    name: 'Java',
    // Java 8 calls itself 1.8.
    versions: { args: ['-version'], pattern: /version "(?:1\.)?(\d+)/g },
    command(program, { memoryMb, handler }, files) {
      const isThere = files.some(
        (file) =>
          file === `${javaClient}.class` || /(?:^|\/)aws-lambda-java-runtime-interface-client-[^/]*\.jar$/.test(file),
      );
      if (!isThere) return undefined;
      const folders = new Set(files.filter((file) => file.endsWith('.jar')).map((file) => file.replace(/[^/]*$/, '*')));
      // Relative to the package. The flags are those that Lambda's Java runtimes are known for. [memory]
      const flags = [`-Xmx${Math.floor(memoryMb * 0.8)}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
      return [program, ...flags, '-cp', ['.', ...folders].join(':'), javaClient.replaceAll('/', '.'), handler];
    },
    remedy: 'add com.amazonaws:aws-lambda-java-runtime-interface-client to its dependencies',
  },
  ruby: {
    program: 'ruby',
    name: 'Ruby',
    versions: { args: ['--version'], pattern: /^ruby (\d+\.\d+)/g },
    command(program, { handler }, files) {
      const client = files.find((file) => /(?:^|\/)aws_lambda_ric-[^/]*\/(?:exe|bin)\/aws_lambda_ric$/.test(file));
      if (client === undefined) return undefined;
      return [program, '-I', '.', '-I', client.replace(/(?:exe|bin)\/[^/]*$/, 'lib'), client, handler];
    },
    remedy: 'add aws_lambda_ric to its Gemfile and run bundle config set --local path vendor/bundle && bundle install',
  },
  dotnet: {
    program: 'dotnet',
    name: '.NET',
    versions: { args: ['--list-runtimes'], pattern: /^Microsoft\.NETCore\.App (\d+)/gm },
    command(program, { handler }, files) {
      // A class library (`Assembly::Type::Method`) has nothing that starts.
      const isExecutable = files.includes(`${handler}.dll`) && files.includes(`${handler}.runtimeconfig.json`);
      return isExecutable && files.includes('Amazon.Lambda.RuntimeSupport.dll')
        ? [program, `${handler}.dll`]
        : undefined;
    },
    remedy:
      'make it an executable assembly (OutputType Exe, the package Amazon.Lambda.RuntimeSupport, LambdaBootstrapBuilder in Main) and give its name as the handler',
  },
};

interface OwnClient {
  command(spec: Launch): Promise<readonly string[]>;
  /** @throws TuneError (TARGET) where the package has no client */
  readonly check: (handler: string, files: readonly string[]) => void;
  /** As `Ruby 3.1`, where this machine has not the version that the runtime is named by. */
  readonly otherVersion: string | undefined;
}

/** Undefined: of no language that is known here. @throws TuneError (TARGET) where the language is not installed */
export async function findOwnClient(runtime: string, path: string): Promise<OwnClient | undefined> {
  const [, name = '', wanted = ''] = /^(java|ruby|dotnet)(\d+(?:\.\d+)?)/.exec(runtime) ?? [];
  const language = languages[name];
  if (language === undefined) return undefined;
  const program = await findProgram(language.program, path);
  if (program === undefined) {
    throw new TuneError(
      'TARGET',
      `Runtime ${runtime} cannot be run locally: there is no ${language.program} in PATH. Install it, and ${language.remedy}.`,
      { hint: 'Or choose another one with --runtime, or measure the function in AWS: tune --function <name>' },
    );
  }
  const commandFor = (spec: Launch, files: readonly string[]): readonly string[] => {
    const command = language.command(program, spec, files);
    if (command !== undefined) return command;
    throw new TuneError(
      'TARGET',
      `Runtime ${runtime} cannot be run locally: the package has no runtime interface client of its own. To run it here, ${language.remedy}.`,
      { hint: 'Or choose another one with --runtime, or measure the function in AWS: tune --function <name>' },
    );
  };
  const versions = await versionsOf(program, language, path);
  return {
    otherVersion:
      versions.length === 0 || versions.includes(wanted) ? undefined : `${language.name} ${versions.join(' and ')}`,
    command: async (spec) => commandFor(spec, await filesIn(spec.codeFolder)),
    check: (handler, files) => void commandFor({ handler, memoryMb: 128, codeFolder: '' }, files),
  };
}

/** Empty where the program does not say. */
async function versionsOf(program: string, { versions }: Language, path: string): Promise<readonly string[]> {
  const told = await promisify(execFile)(program, [...versions.args], { env: { PATH: path } }).catch(() => undefined);
  // Java tells it on standard error.
  return [...`${told?.stdout ?? ''}${told?.stderr ?? ''}`.matchAll(versions.pattern)].map(
    ([, version = '']) => version,
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.toSorted();
}

async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    const mayRun = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayRun && (await stat(program)).isFile()) return program;
  }
  return undefined;
}
