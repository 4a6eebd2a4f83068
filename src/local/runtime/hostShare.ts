import { referenceLoop } from '../../model/measurement.ts';
import type { Unloaded } from '../cgroup/cpuShare.ts';
import type { ExecutionResult } from '../service/execution.ts';
import type { CallSpeed } from '../timing/slots.ts';

/** What the reference loop itself held up is in the clock's time and in no duration, and is not the host's doing. */
export function hostShare(
  { busyMs, contendedShare }: Unloaded,
  speed: CallSpeed | undefined,
  { wallMs, cpuMs }: { readonly wallMs: number; readonly cpuMs: number },
): Pick<ExecutionResult, 'contendedShare' | 'pace'> {
  if (speed === undefined) return { contendedShare };
  const { heldMs, referenceMs, fastestMs, error } = speed;
  const heldShare = wallMs > 0 ? heldMs / wallMs : 0;
  return {
    contendedShare: Math.max(0, contendedShare - heldShare),
    pace: { busyMs, cpuMs, loop: referenceLoop, referenceMs, fastestMs, error },
  };
}
