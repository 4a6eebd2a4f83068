import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { startLocalEndpoint } from '../../local/endpoint.ts';
import { startProcessExecutor } from '../../local/runtime/processExecutor.ts';
import { parseFlags } from '../../options/options.ts';

/** Keeps the embedded endpoint up until it is interrupted. */
export async function runLocal(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const { port, region } = parseFlags('local', flags);
  const executor = await startProcessExecutor({
    temporaryFolder: io.temporaryDirectory,
    hostEnvironment: { PATH: io.env.PATH },
    execPath: io.execPath,
    pid: io.pid,
    cores: io.cores,
    cgroups: io.env.TUNE_LOCAL_CGROUPS === 'off' ? 'off' : 'auto',
  });
  const architecture = io.hostArchitecture === 'arm64' ? 'arm64' : 'x86_64';
  const endpoint = await startLocalEndpoint({
    executor,
    architectures: [architecture],
    temporaryFolder: executor.folder,
    region,
    port,
  }).catch(async (error: unknown) => {
    await executor.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new TuneError('USAGE', `The endpoint cannot listen on 127.0.0.1:${port} (${code}).`, {
      hint: 'Give another --port, or none for a free one.',
      cause: error,
    });
  });
  io.stdout.write(
    `${endpoint.url}\n` +
      `\nA Lambda endpoint for ${architecture}, ${durationsAre[executor.cpu]}. For the AWS CLI, the SDKs and tune:\n` +
      `  export AWS_ENDPOINT_URL=${endpoint.url} AWS_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n` +
      'Ctrl-C ends it and everything it runs.\n',
  );
  await new Promise<void>((resolve) => {
    if (io.interrupted.aborted) resolve();
    io.interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  await endpoint.close();
  return ExitCode.ok;
}

const durationsAre = {
  cgroup: 'CPU shares enforced by cgroups',
  modelled: 'durations modelled from CPU time (no cgroup may be written here)',
  none: 'without CPU shares',
} as const;
