import { fileURLToPath } from 'node:url';
import { present } from '../../base/present.ts';
import type { EnvironmentSpec } from '../service/execution.ts';

/** What only the machine knows about an environment. */
export interface Surroundings {
  readonly runtimeApiAddress: string;
  readonly path: string;
  /** Where the function sees its package. */
  readonly taskFolder: string;
  readonly runtimeFolder: string;
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
    PATH: around.path,
    LD_LIBRARY_PATH: `${around.taskFolder}:${around.taskFolder}/lib`,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    // Without a home, SDKs and tools fall back to the host user's own, with its AWS profiles.
    HOME: around.temporaryFolder ?? '/tmp',
    TMPDIR: around.temporaryFolder,
  });
  const reserved = {
    _HANDLER: spec.handler,
    AWS_ACCESS_KEY_ID: 'ASIALOCALENVIRONMENT',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: spec.logFormat,
    // With the Text format the function's own setting holds.
    ...(spec.applicationLogLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel }),
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: spec.logStreamName,
    AWS_LAMBDA_RUNTIME_API: around.runtimeApiAddress,
    LAMBDA_TASK_ROOT: around.taskFolder,
    LAMBDA_RUNTIME_DIR: around.runtimeFolder,
  };
  return { ...replaceable, ...ofLanguage(spec.runtime, around), ...spec.environment, ...reserved, ...hidden(spec) };
}

/** Where gems are found (AWS docs, ruby-package). */
function ofLanguage(runtime: string, { taskFolder, runtimeFolder }: Surroundings): Readonly<Record<string, string>> {
  const ruby = /^ruby(\d+\.\d+)$/.exec(runtime)?.[1];
  if (ruby === undefined) return {};
  return {
    GEM_PATH: `${taskFolder}/vendor/bundle/ruby/${ruby}.0:/opt/ruby/gems/${ruby}.0`,
    RUBYLIB: `${taskFolder}:${runtimeFolder}/lib:/opt/ruby/lib`,
  };
}

/** For the Node.js client, which takes it away: from here the AWS SDK is found that Lambda's runtime brings. */
function hidden(spec: EnvironmentSpec): Readonly<Record<string, string>> {
  return spec.runtime.startsWith('nodejs') ? { _TUNE_SDK: packageFile } : {};
}

const packageFile = fileURLToPath(new URL('../../../package.json', import.meta.url));
