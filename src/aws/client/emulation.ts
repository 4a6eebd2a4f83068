import type { Architecture } from '../../model/configuration.ts';
import type { Emulation } from '../../model/measurement.ts';

/** How tune's own endpoint marks its answers. A response header, because nothing that a function prints can reach it. */
export const emulationHeader = 'x-tune-local';

export interface EmulationNote {
  readonly emulation: Emulation;
  /** Share of the invocation's wall time for which the host was too busy to give the environment its CPU share, 0..1. */
  readonly contendedShare?: number;
}

/** Reads `architectures=x86_64,arm64; cpu=cgroup; cores=2; contended=0.12`. Undefined unless all of it makes sense. */
export function parseEmulationHeader(text: string): EmulationNote | undefined {
  const fields = new Map(text.split(';').map((part) => split(part.trim())));
  const architectures = (fields.get('architectures') ?? '').split(',').map((name) => name.trim());
  const cpu = fields.get('cpu');
  const cores = Number(fields.get('cores'));
  if (!architectures.every(isArchitecture) || !(cores > 0 && cores <= 10_000)) return undefined;
  if (cpu !== 'cgroup' && cpu !== 'modelled' && cpu !== 'none') return undefined;
  const contended = Number(fields.get('contended'));
  return {
    emulation: { architectures, cpu, cores },
    ...(contended >= 0 && contended <= 1 ? { contendedShare: contended } : {}),
  };
}

function split(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}

function isArchitecture(name: string): name is Architecture {
  return name === 'x86_64' || name === 'arm64';
}
