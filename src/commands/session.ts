import { basename, resolve } from 'node:path';
import type { RunOptions } from '../config.ts';
import type { Architecture, Warning } from '../domain/model.ts';
import type { Io } from '../io.ts';
import { type AwsClients, createClients } from '../lambda/client.ts';
import { createPathTarget } from '../lambda/pathTarget.ts';
import { usesProxy } from '../lambda/proxy.ts';
import { codeRefusal } from '../lambda/shadowCode.ts';
import { describeTarget, type Target } from '../lambda/target.ts';
import { startLocalEndpoint } from '../local/endpoint.ts';
import { hostRuntimes } from '../local/hostRuntimes.ts';
import { packageCode } from '../local/packageCode.ts';
import { startProcessExecutor } from '../local/processExecutor.ts';
import type { MemoryChoice } from './job.ts';

/** A target that was found and read, on AWS (or an endpoint that the user named) or on the embedded endpoint. */
export interface Session extends Target {
  readonly clients: AwsClients;
  /** What the user gave, when it was a path: then everything here dies with this process. */
  readonly path?: string;
  /** Where packages over 50 MB are put for the time of the run. */
  readonly stagingBucket?: string;
  /** How this machine differs from Lambda; more may be known when the run has ended. */
  hostNotices(): readonly Warning[];
  close(): Promise<void>;
}

/** A function in AWS has no slash in its name. */
export function isPath(target: string): boolean {
  return !target.startsWith('arn:') && (/[/\\]/.test(target) || target.startsWith('.') || target.endsWith('.zip'));
}

/**
 * Opens the clients and reads the target: reads only, but for a path, which becomes a function on the embedded endpoint
 * (`host`, else one of its own that ends with the session).
 */
export async function openSession(
  target: string,
  options: RunOptions,
  memory: MemoryChoice,
  io: Io,
  host?: LocalHost,
): Promise<Session> {
  return isPath(target) ? openLocalSession(target, options, memory, io, host) : openAwsSession(target, options, io);
}

async function openAwsSession(target: string, options: RunOptions, io: Io): Promise<Session> {
  const { region, profile, endpointUrl } = options;
  const named = /^arn:[^:]*:lambda:([a-z0-9-]+):/.exec(target)?.[1];
  const clients = await createClients(
    {
      ...optional('region', region ?? named),
      ...optional('profile', profile),
      ...optional('endpointUrl', endpointUrl),
      viaProxy: usesProxy(io.env),
    },
    io,
  );
  const described = await describeTarget(clients, target, {
    ignoreReservedConcurrency: options.ignoreReservedConcurrency ?? false,
  });
  const refusal = codeRefusal(described, options.stagingBucket);
  if (refusal) throw refusal;
  return {
    ...described,
    ...optional('stagingBucket', options.stagingBucket),
    clients,
    hostNotices: () => [],
    close: async () => clients.destroy(),
  };
}

const defaultTimeoutS = 30;

/** The embedded endpoint of this process: what runs on it side by side shares this machine's cores. */
export interface LocalHost {
  readonly url: string;
  readonly region: string;
  readonly architecture: Architecture;
  /** A free function name that tells of the path. */
  nameFor(path: string): string;
  notices(): readonly Warning[];
  close(): Promise<void>;
}

export async function startLocalHost(options: RunOptions, io: Io): Promise<LocalHost> {
  const architecture: Architecture = io.hostArchitecture === 'arm64' ? 'arm64' : 'x86_64';
  const executor = await startProcessExecutor({
    temporaryFolder: io.temporaryDirectory,
    hostEnvironment: optional('PATH', io.env.PATH),
    execPath: io.execPath,
    pid: io.pid,
    cores: io.cores,
    cgroups: io.env.TUNE_LOCAL_CGROUPS === 'off' ? 'off' : 'auto',
  });
  const region = options.region ?? 'us-east-1';
  const endpoint = await startLocalEndpoint({
    executor,
    architectures: [architecture],
    temporaryFolder: executor.folder,
    region,
  });
  const taken = new Set<string>();
  return {
    url: endpoint.url,
    region,
    architecture,
    nameFor(path) {
      const name = localName(path);
      let free = name;
      for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
      taken.add(free);
      return free;
    },
    notices: () => executor.notices(),
    close: () => endpoint.close(),
  };
}

async function openLocalSession(
  target: string,
  options: RunOptions,
  memory: MemoryChoice,
  io: Io,
  shared?: LocalHost,
): Promise<Session> {
  const path = resolve(io.cwd, target);
  const packaged = await packageCode(path, {
    ...optional('runtime', options.runtime),
    ...optional('handler', options.handler),
    hostRuntimes: await hostRuntimes(io.nodeVersion, io.env.PATH),
  });
  const host = shared ?? (await startLocalHost(options, io));
  const closeOwn = async () => {
    if (shared === undefined) await host.close();
  };
  try {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const clients = await createClients({ region: host.region, endpointUrl: host.url, credentials }, io);
    const functionName = host.nameFor(path);
    const staging = await createPathTarget(
      clients,
      {
        ...packaged,
        functionName,
        memoryMb: settingOf(memory),
        timeoutS: options.timeout ?? defaultTimeoutS,
        architecture: host.architecture,
      },
      io.sleep,
    );
    const described = await describeTarget(clients, functionName);
    return {
      ...described,
      ...staging,
      clients,
      path: target,
      hostNotices: () => [...host.notices(), ...contention(clients.contendedShare() ?? 0)],
      close: async () => {
        clients.destroy();
        await closeOwn();
      },
    };
  } catch (error) {
    await closeOwn();
    throw error;
  }
}

/** A path has no setting of its own: the largest size of a list, where it is likeliest to work; in a climb a middling one. */
function settingOf({ memoryMb, race }: MemoryChoice): number {
  const middling = memoryMb.findLast((size) => size <= 1024);
  return race === 'climb' && middling !== undefined ? middling : Math.max(...memoryMb);
}

/** Timings taken on a busy machine mislead. Below this share the effect drowns in the ordinary noise. */
const worthSaying = 0.05;

function contention(share: number): readonly Warning[] {
  if (share < worthSaying) return [];
  const text = `This machine was busy: for ${Math.round(share * 100)} % of the time functions did not get the CPU share of their size, so durations are too long. Close other programs and measure again.`;
  return [{ code: 'contended', text }];
}

/** Letters, digits, hyphens and underscores are all that a function name may hold. */
function localName(path: string): string {
  return (
    basename(path)
      .replace(/\.zip$/, '')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .slice(0, 40) || 'function'
  );
}

/** `{key: value}`, or nothing for a value that was not given. */
function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [key in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [key in Key]?: Value };
}
