import type { Configuration } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import { formatMemory } from '../../text/format.ts';

/** Names a configuration: "512 MB", or "512 MB on arm64" where the run has both architectures. */
export type Namer = (configuration: Configuration) => string;
export function namerOf(result: TuningResult): Namer {
  const architectures = new Set(result.configurations.map((row) => row.architecture));
  // The current setting may be of an architecture that was not asked for.
  architectures.add(result.target.architecture);
  return ({ memoryMb, architecture }) =>
    architectures.size > 1 ? `${formatMemory(memoryMb)} on ${architecture}` : formatMemory(memoryMb);
}
