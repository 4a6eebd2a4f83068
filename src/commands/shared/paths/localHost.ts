import { basename } from 'node:path';
import type { Io } from '../../../base/io.ts';
import { startLocalEndpoint } from '../../../local/endpoint.ts';
import type { Architecture } from '../../../model/configuration.ts';
import type { Warning } from '../../../model/warning.ts';
import type { RunOptions } from '../../../options/options.ts';
import { localRegion } from '../../../options/rows/tools.ts';
import { startProcessesHere } from './processesHere.ts';

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
  const architecture = architectureHere(io);
  const executor = await startProcessesHere(io);
  // Said before anything of the function runs; the report repeats it.
  const differences = [...withoutQuota[executor.cpu], ...executor.notices().map(({ text }) => text)];
  if (!options.quiet) for (const text of differences) io.stderr.write(`Warning: ${text}\n`);
  const region = options.region ?? localRegion.region.default;
  const endpoint = await startLocalEndpoint({
    executor,
    architectures: [architecture],
    temporaryFolder: executor.folder,
    region,
  });
  return {
    url: endpoint.url,
    region,
    architecture,
    nameFor: freeNames(),
    notices: () => executor.notices(),
    close: () => endpoint.close(),
  };
}

const withoutQuota = {
  cgroup: [],
  modelled: [
    'No control group can be written here: durations are modelled from the CPU time that calls use, memory is looked at from time to time instead of limited, and between calls functions are stopped by a signal instead of frozen.',
  ],
  none: ['CPU shares can neither be enforced nor modelled here: sizes do not differ as they do on AWS.'],
} as const;

/** Names that tell of paths, each once. */
export function freeNames(): (path: string) => string {
  const taken = new Set<string>();
  return (path) => {
    const name = localName(path);
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
    taken.add(free);
    return free;
  };
}

export function architectureHere({ hostArchitecture }: Io): Architecture {
  return hostArchitecture === 'arm64' ? 'arm64' : 'x86_64';
}

/** Letters, digits, hyphens and underscores are all that a function name may hold. */
function localName(path: string): string {
  return (
    basename(path)
      .replace(/\.(?:zip|[cm]?[jt]s|tsx|py)$/, '')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .slice(0, 40) || 'function'
  );
}
