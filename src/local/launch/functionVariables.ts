import { join } from 'node:path';
import { packageFolder } from '../../base/packageFolder.ts';
import { present } from '../../base/present.ts';
import type { EnvironmentSpec } from '../service/execution.ts';

/** What only the machine knows about an environment. */
export interface Surroundings {
  readonly runtimeApiAddress: string;
  readonly path: string;
  /** Where the function sees its package. */
  readonly taskFolder: string;
  readonly runtimeFolder: string;
  /** Where it sees its layers: /opt, or where they are. */
  readonly optFolder: string;
  /** The environment's own temporary folder; undefined where it really is /tmp. */
  readonly temporaryFolder?: string | undefined;
}

/**
 * Every variable a function sees: what Lambda sets before start (AWS docs, configuration-envvars-runtime) and what
 * its runtime clients insist on, the function's own, and nothing of the host's but PATH. The credentials are
 * placeholders: a function that calls AWS from here is refused there.
 */
export function functionVariables(spec: EnvironmentSpec, around: Surroundings): Readonly<Record<string, string>> {
  const replaceable = present({
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // The host's system folders stand for Lambda's.
    PATH: `${around.path}:${around.optFolder}/bin`,
    LD_LIBRARY_PATH: `${around.taskFolder}:${around.taskFolder}/lib:${around.optFolder}/lib`,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    // Where the SDK's own daemon would be: nothing listens there, and what is sent is lost, as with tracing off.
    AWS_XRAY_DAEMON_ADDRESS: `${xrayDaemon.host}:${xrayDaemon.port}`,
    _AWS_XRAY_DAEMON_ADDRESS: xrayDaemon.host,
    _AWS_XRAY_DAEMON_PORT: xrayDaemon.port,
    // Without a home, SDKs and tools fall back to the host user's own, with its AWS profiles.
    HOME: around.temporaryFolder ?? '/tmp',
    TMPDIR: around.temporaryFolder,
  });
  const reserved = present({
    _HANDLER: spec.handler,
    AWS_ACCESS_KEY_ID: 'ASIALOCALENVIRONMENT',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    // Not defined for OS-only runtimes (AWS docs, configuration-envvars). [memory]
    AWS_EXECUTION_ENV: spec.runtime.startsWith('provided') ? undefined : `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: spec.logFormat,
    // With the Text format the function's own setting holds.
    AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel,
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: spec.logStreamName,
    AWS_LAMBDA_RUNTIME_API: around.runtimeApiAddress,
    LAMBDA_TASK_ROOT: around.taskFolder,
    LAMBDA_RUNTIME_DIR: around.runtimeFolder,
  });
  return {
    ...replaceable,
    ...ofLanguage(spec.runtime, around),
    ...spec.environment,
    ...reserved,
    ...hidden(spec, around.optFolder),
  };
}

const xrayDaemon = { host: '127.0.0.1', port: '2000' } as const;

/** Where a language's own packages are found, layers included (AWS docs, packaging-layers). */
function ofLanguage(
  runtime: string,
  { taskFolder, runtimeFolder, optFolder }: Surroundings,
): Readonly<Record<string, string>> {
  const [, language = '', version = ''] = /^([a-z]+)(\d+(?:\.\d+)?)/.exec(runtime) ?? [];
  switch (language) {
    case 'nodejs':
      return {
        NODE_PATH: [
          `${optFolder}/nodejs/node${version}/node_modules`,
          `${optFolder}/nodejs/node_modules`,
          `${runtimeFolder}/node_modules`,
          runtimeFolder,
          taskFolder,
        ].join(':'),
      };
    case 'python':
      // The layers' own folders are added by python.py, as by Lambda's: a PYTHONPATH of the function's does not hide them.
      return { PYTHONPATH: runtimeFolder };
    case 'ruby':
      return {
        GEM_PATH: `${taskFolder}/vendor/bundle/ruby/${version}.0:${optFolder}/ruby/gems/${version}.0`,
        RUBYLIB: `${taskFolder}:${runtimeFolder}/lib:${optFolder}/ruby/lib`,
      };
    default:
      return {};
  }
}

/**
 * For our own clients, which take them away (what a process was started with, and a wrapper, still has them): from where Node.js finds
 * the AWS SDK that Lambda's runtime brings, and where Python's layers are, if not at their place.
 */
function hidden(spec: EnvironmentSpec, optFolder: string): Readonly<Record<string, string>> {
  if (spec.runtime.startsWith('nodejs')) return { _TUNE_SDK: packageFile };
  return spec.runtime.startsWith('python') && optFolder !== '/opt' ? { _TUNE_OPT: optFolder } : {};
}

const packageFile = join(packageFolder, 'package.json');
