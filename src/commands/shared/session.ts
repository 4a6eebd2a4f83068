import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AwsClients } from '../../aws/client/client.ts';
import { codeRefusal } from '../../aws/shadow/shadowCode.ts';
import { createPathTarget, createPathUrl } from '../../aws/target/pathTarget.ts';
import { describeTarget, type Target } from '../../aws/target/target.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { TuningResult } from '../../model/run.ts';
import type { VariantOverlay } from '../../model/variant.ts';
import type { Warning } from '../../model/warning.ts';
import type { RunOptions } from '../../options/options.ts';
import { clientOptions } from './clientOptions.ts';
import type { Connections } from './connections.ts';
import { askedHooks, type OpenHooks, openHooks } from './hooks.ts';
import type { MemoryChoice } from './job.ts';
import { type ArchitectureOverlays, loadBuilds } from './overlays.ts';
import { readLocalFunction } from './paths/localFunction.ts';
import { architectureHere } from './paths/localHost.ts';

/** A target that was found and read, on AWS (or an endpoint that the user named) or on the embedded endpoint. */
export interface Session extends Target {
  readonly clients: AwsClients;
  /** Builds that were given for one architecture. */
  readonly builds: ArchitectureOverlays;
  /** Empty: nothing is varied. */
  readonly variants: readonly VariantOverlay[];
  readonly hooks: OpenHooks | undefined;
  /** What the user gave, when it was a path: then everything here dies with this process. */
  readonly path?: string;
  /** Of a path target that is a function of a template. */
  readonly template?: TuningResult['target']['template'];
  /** Its package, where that is not what lies at the path. */
  readonly made?: Uint8Array | undefined;
  /** Where packages over 50 MB are put for the time of the run. */
  readonly stagingBucket?: string | undefined;
  /** How this machine differs from Lambda; more may be known when the run has ended. */
  hostNotices(): readonly Warning[];
}

/** A function in AWS has neither slash nor dot in its name. */
export function isPath(target: string): boolean {
  return !target.startsWith('arn:') && /[/\\.]/.test(target);
}

/**
 * Reads the target: reads only, but for a path, which becomes a function on the embedded endpoint. `beside` begins what else is
 * read of a function in AWS meanwhile.
 */
export async function openSession(
  target: string,
  options: RunOptions,
  memory: MemoryChoice,
  io: Io,
  connections: Connections,
  beside: (clients: AwsClients) => void = () => undefined,
): Promise<Session> {
  const asked = askedHooks(options, isPath(target));
  const opened = isPath(target)
    ? await openLocalSession(target, options, memory, io, connections)
    : await openAwsSession(target, options, io, connections, beside).catch((error: unknown) => {
        throw withPathHint(error, target, io);
      });
  const facts = options.stream ? { ...opened.facts, streams: 'asked' as const } : opened.facts;
  return { ...opened, facts, hooks: await openHooks(asked, opened, options, io, connections) };
}

/** A folder of that name may have been meant: what kept the function from being found is then beside the point. */
function withPathHint(error: unknown, target: string, io: Io): unknown {
  if (!(error instanceof TuneError) || !existsSync(resolve(io.cwd, target))) return error;
  return new TuneError(error.code, error.message, {
    hint: `There is ./${target} here: to measure that, tune --function ./${target} . Otherwise: ${error.hint}`,
    cause: error,
  });
}

type Unhooked = Omit<Session, 'hooks'>;

async function openAwsSession(
  target: string,
  options: RunOptions,
  io: Io,
  connections: Connections,
  beside: (clients: AwsClients) => void,
): Promise<Unhooked> {
  const named = /^arn:[^:]*:lambda:([a-z0-9-]+):/.exec(target)?.[1];
  const clients = await connections.clients(clientOptions(options, options.region ?? named));
  beside(clients);
  const described = await describeTarget(clients, target, {
    ignoreReservedConcurrency: options.ignoreReservedConcurrency,
  });
  const refusal = codeRefusal(described, options.stagingBucket);
  if (refusal) throw refusal;
  return {
    ...described,
    stagingBucket: options.stagingBucket,
    clients,
    builds: await loadBuilds(options, clients, io),
    variants: [],
    hostNotices: () => [],
  };
}

async function openLocalSession(
  target: string,
  options: RunOptions,
  memory: MemoryChoice,
  io: Io,
  connections: Connections,
): Promise<Unhooked> {
  // Found out before anything is started for it.
  const local = await readLocalFunction(target, options, architectureHere(io), io);
  const host = await connections.localHost(options);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = await connections.clients({ region: host.region, endpointUrl: host.url, credentials });
  const functionName = host.nameFor(local.nameFrom);
  const { architecture } = host;
  const memoryMb = local.memoryMb ?? settingOf(memory);
  const staging = await createPathTarget(clients, { ...local, functionName, memoryMb, architecture }, io.sleep);
  // Whose URL streams is measured as it streams, as one of an account.
  if (local.functionUrl !== undefined) await createPathUrl(clients, functionName, local.functionUrl);
  const described = await describeTarget(clients, functionName);
  return {
    ...described,
    facts: { ...described.facts, notices: [...described.facts.notices, ...local.notices] },
    ...staging,
    clients,
    builds: await loadBuilds(options, clients, io),
    variants: [],
    path: target,
    template: local.template,
    made: local.made,
    hostNotices: () => host.notices(),
  };
}

/** A path has no setting of its own: the largest size of a list, where it is likeliest to work; in a climb a middling one. */
function settingOf({ memoryMb, race }: MemoryChoice): number {
  const middling = memoryMb.findLast((size) => size <= 1024);
  return race === 'climb' && middling !== undefined ? middling : Math.max(...memoryMb);
}
