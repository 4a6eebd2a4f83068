import { failureWords } from '../advice/failureWords.ts';
import { isExpected } from '../analysis/expectedErrors.ts';
import { TuneError } from '../base/errors.ts';
import { sameConfiguration } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';

import { pickReference } from '../plan/configurations.ts';
import { callLane, type Lane, type LaneDeployments, type LanePayloads, stopLane } from './lane.ts';
import { type FailureMemory, rememberingFailures, toldFailure } from './lastFailure.ts';
import type { Measuring } from './measureOnce.ts';

/** A function that only sometimes fails must not be taken for one that cannot work as a copy. */
const attempts = 3;

/**
 * The reference (the target's own architecture, of the sizes asked for its own or the nearest above) is made first and
 * answers once before any other copy is invoked: code that is bound to its own name (environment encryption contexts,
 * role conditions, key policies) fails in every copy, and that must not be reported as "infeasible" at each size.
 * Throws TuneError NOT_MEASURED with the cause and the function's last words when it fails, or what kept it from being deployed.
 */
export async function askReference(
  run: Measuring,
  deployments: LaneDeployments,
  lanes: readonly Lane[],
  payloads: LanePayloads,
): Promise<void> {
  const reference = await deployReference(run, deployments, lanes);
  let last: Measurement | undefined;
  const memory = rememberingFailures(run.platform);
  for (let attempt = 0; attempt < attempts && !run.stop.aborted; attempt += 1) {
    last = await callLane({ ...run, platform: memory.platform }, reference, 0, payloads);
    // Out of memory and timeouts belong to a size, and an unreported answer is an answer: the rows tell.
    if (last?.outcome !== 'functionError' || isExpected(last, run.allowedErrors)) return;
  }
  if (last?.outcome === 'functionError') throw failsAtOnce(run, memory);
}

/** Falls back to a smaller size when the account refuses the reference's (3,008 MB limit of new accounts). */
async function deployReference(run: Measuring, deployments: LaneDeployments, lanes: readonly Lane[]): Promise<Lane> {
  for (;;) {
    const open = lanes.filter((lane) => !lane.stopped);
    const choice = pickReference(
      open.map((lane) => lane.configuration),
      run.facts,
    );
    const reference = open.find((lane) => choice !== undefined && sameConfiguration(lane.configuration, choice));
    if (reference === undefined)
      throw new TuneError('NOT_MEASURED', 'This account allows none of the memory sizes asked for.');
    try {
      await deployments.of(reference, () => deployOthers(deployments, lanes));
      return reference;
    } catch (error) {
      if (!(error instanceof TuneError) || error.memoryLimitMb === undefined) throw error;
      for (const lane of open) {
        if (lane.configuration.memoryMb > error.memoryLimitMb) stopLane(run, lane, error, () => undefined);
      }
      if (!reference.stopped) throw error;
    }
  }
}

/**
 * The others are created while the reference is tried, and not invoked before it has answered. The smallest first: they are
 * the slowest, and the control plane takes few calls a second.
 */
function deployOthers(deployments: LaneDeployments, lanes: readonly Lane[]): void {
  const others = lanes.filter((lane) => !lane.stopped);
  const smallestFirst = others.toSorted((a, b) => a.configuration.memoryMb - b.configuration.memoryMb);
  for (const lane of smallestFirst) void deployments.of(lane);
}

function failsAtOnce(run: Measuring, memory: FailureMemory): TuneError {
  const told = toldFailure(memory, 'functionError', run.facts);
  return new TuneError(
    'NOT_MEASURED',
    `The function cannot be measured: its first ${attempts} calls failed. It said: ${told?.said || 'nothing'}`,
    told === undefined ? {} : { hint: failureWords(told.cause, run.place), lastLog: told.lastLog },
  );
}
