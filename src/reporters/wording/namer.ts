import { type Configuration, namerAmong } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';

/** Names a configuration: "512 MB", or "512 MB on arm64" where the run has both architectures. */
export type Namer = (configuration: Configuration) => string;

export function namerOf(result: TuningResult): Namer {
  // The current setting may be of an architecture that was not asked for.
  return namerAmong([...result.configurations, result.target]);
}
