import { relative } from 'node:path';
import { createClients } from '../../aws/client/client.ts';
import { ExitCode, messageOf, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { startLocalEndpoint } from '../../local/endpoint.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { coresMissing } from '../../plan/warnings.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { memoryChoiceOf } from '../shared/job.ts';
import { architectureHere } from '../shared/paths/localHost.ts';
import { ownFiles } from '../shared/paths/ownFiles.ts';
import { startProcessesHere } from '../shared/paths/processesHere.ts';
import { type Deploying, deploy, type NamedFunction, readAll, type ServedFunction } from './deployments.ts';
import { invocationText, outputText } from './invocationText.ts';
import { type Watching, watchFiles } from './watching.ts';

/** Keeps the embedded endpoint, and the functions that are named, up until it is interrupted. */
export async function runLocal(
  targets: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<ExitCode> {
  const parsed = parseFlags('local', flags);
  const options = { ...parsed, memoryMb: oneSize(parsed.memory) };
  if (targets.length === 0) requireTargets(options);
  const architecture = architectureHere(io);
  // What cannot be run is said before anything is started for it.
  const named = await readAll(targets, options, architecture, io);
  let watching: Watching | undefined;
  const { endpoint, durations, tellNotices } = await open(options, io, () => watching?.answered());
  const { url } = endpoint;
  const { region } = options;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = await createClients({ region, endpointUrl: url, credentials }, io);
  try {
    io.stdout.write(
      `${url}\n` +
        `\nA Lambda endpoint for ${architecture}, ${durations}. For the AWS CLI, the SDKs and tune:\n` +
        `  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n`,
    );
    tellNotices();
    const deployed = await deployAll(named, { clients, architecture, options }, io);
    if (deployed.length > 0) watching = await watchDeployed(deployed, io);
    io.stdout.write('Ctrl-C ends it and everything it runs.\n');
    await interruption(io);
    await watching?.close();
  } finally {
    clients.destroy();
    await endpoint.close();
  }
  return ExitCode.ok;
}

type LocalFlags = ToolOptions<'local'> & { readonly memoryMb: number | undefined };

async function open(options: LocalFlags, io: Io, answered: () => void) {
  const executor = await startProcessesHere(io);
  const told = new Set<string>();
  /** How this machine differs from Lambda: each once. That of a runtime is known when it has been started. */
  const tellNotices = (): void => {
    for (const { text } of executor.notices()) {
      if (!told.has(text)) io.stderr.write(`Warning: ${escapeTerminal(text, 1000)}\n`);
      told.add(text);
    }
  };
  const { port, region } = options;
  const endpoint = await startLocalEndpoint({
    executor,
    architectures: [architectureHere(io)],
    temporaryFolder: executor.folder,
    region,
    port,
    listener: {
      ended: (functionName, log, records) => {
        tellNotices();
        answered();
        io.stdout.write(invocationText(functionName, log, records));
      },
      wroteLate: (functionName, records) =>
        io.stdout.write(`${functionName}, between invocations\n${outputText(records)}`),
    },
  }).catch(async (error: unknown) => {
    await executor.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new TuneError('USAGE', `The endpoint cannot listen on 127.0.0.1:${port} (${code}).`, {
      hint: 'Give another --port, or none for a free one.',
      cause: error,
    });
  });
  return { endpoint, durations: durationsAre[executor.cpu], tellNotices };
}

async function deployAll(
  named: readonly NamedFunction[],
  deploying: Deploying,
  io: Io,
): Promise<readonly ServedFunction[]> {
  const deployed: ServedFunction[] = [];
  for (const one of named) {
    if (io.interrupted.aborted) break;
    for (const { text } of one.local.notices) io.stderr.write(`Warning: ${escapeTerminal(text, 400)}\n`);
    const deployment = await deploy(one, deploying, io);
    const { functionName, url } = deployment;
    const { runtime, handler } = one.local;
    const what = `${runtime} ${handler}, ${escapeTerminal(one.shown)}`;
    io.stdout.write(`  ${functionName} (${what})${url === undefined ? '' : `\n    ${url}`}\n`);
    deployed.push(deployment);
  }
  const sizes = [...new Set(deployed.map(({ memoryMb }) => memoryMb))];
  for (const { text } of coresMissing(sizes, io)) io.stderr.write(`Warning: ${text}\n`);
  return deployed;
}

/** What is not read again keeps its old code, and the reason is said. */
async function watchDeployed(deployed: readonly ServedFunction[], io: Io): Promise<Watching> {
  const all = () => [...new Set(deployed.flatMap((one) => one.watched()))];
  const watching: Watching = await watchFiles({
    paths: all(),
    own: await ownFiles(io),
    monotonicMs: io.monotonicMs,
    async changed() {
      for (const one of deployed) {
        try {
          if (await one.reload()) io.stdout.write(`${one.functionName}  reloaded\n`);
        } catch (error) {
          const { message, items } = error instanceof TuneError ? error : { message: String(error), items: [] };
          io.stderr.write(
            `${one.functionName}  not reloaded, the code from before goes on: ${escapeTerminal(message, 1000)}\n` +
              items.map((item) => `      - ${escapeTerminal(item, 1000)}\n`).join(''),
          );
        }
      }
      await watching.look(all());
    },
    leftOut({ path, isFolder }) {
      const shown = escapeTerminal(relative(io.cwd, path) || '.', 400);
      const what = isFolder
        ? `something new is written in ${shown} with each reload, and what is new there is not watched any more`
        : `${shown} changes with each reload, and is not watched any more`;
      io.stderr.write(`Warning: ${what}. Write it outside of the functions' folders.\n`);
    },
    failed(error) {
      const why = messageOf(error);
      io.stderr.write(`Changes of files are not seen: ${escapeTerminal(why)}. Start tune local again after changes.\n`);
    },
  });
  return watching;
}

function interruption({ interrupted }: Io): Promise<void> {
  return new Promise((resolve) => {
    if (interrupted.aborted) resolve();
    interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** @throws TuneError USAGE */
function oneSize(memory: string | undefined): number | undefined {
  if (memory === undefined) return undefined;
  const { memoryMb, race } = memoryChoiceOf({ memory, adaptive: false });
  const [only] = memoryMb;
  if (memoryMb.length === 1 && race === undefined) return only;
  throw new TuneError('USAGE', 'Functions run at one memory size.', { hint: 'Give one: tune local ./fn --memory 512' });
}

/** Options about functions, without any. @throws TuneError USAGE */
function requireTargets({ handler, runtime, timeout, layer, functionUrl, memory, env, parameter }: LocalFlags): void {
  const given = handler ?? runtime ?? timeout ?? layer ?? memory;
  if (given === undefined && !functionUrl && Object.keys({ ...env, ...parameter }).length === 0) return;
  throw new TuneError('USAGE', 'These options are about functions, and none is named.', {
    hint: 'Name folders, zips or templates: tune local ./fn --function-url   or: tune local template.yaml',
  });
}

const durationsAre = {
  cgroup: 'CPU shares enforced by cgroups',
  modelled: 'durations modelled from CPU time (no cgroup may be written here)',
  none: 'without CPU shares',
} as const;
