import { isExpected } from '../domain/expectedErrors.ts';
import type { Measurement } from '../domain/model.ts';
import { pickReference } from '../domain/plan.ts';
import { sameConfiguration } from '../domain/steps.ts';
import { TuneError } from '../errors.ts';
import { callLane, type Lane, type LaneDeployments, type LanePayloads, stopLane } from './lane.ts';
import type { Measuring } from './measureOnce.ts';

/** A function that only sometimes fails must not be taken for one that cannot work as a copy. */
const attempts = 3;

/**
 * The reference (the target's own architecture, of the sizes asked for its own or the nearest above) is made first and
 * answers once before any other shadow is invoked: code that is bound to its own name (environment encryption contexts,
 * role conditions, key policies) fails in every copy, and that must not be reported as "infeasible" at each size.
 * Throws TuneError SHADOW when it cannot work as a copy, or what kept it from being deployed.
 */
export async function askReference(
  run: Measuring,
  deployments: LaneDeployments,
  lanes: readonly Lane[],
  payloads: LanePayloads,
): Promise<void> {
  const reference = await deployReference(run, deployments, lanes);
  // The others may be created meanwhile; they are not invoked before the reference has answered.
  for (const lane of lanes) if (!lane.stopped) void deployments.of(lane);
  let last: Measurement | undefined;
  for (let attempt = 0; attempt < attempts && !run.stop.aborted; attempt += 1) {
    last = await callLane(run, reference, 0, payloads);
    // Out of memory and timeouts belong to a size, and an unreported answer is an answer: the rows tell.
    if (last?.outcome !== 'functionError' || isExpected(last, run.allowedErrors)) return;
  }
  if (last?.outcome === 'functionError') throw cannotBeCopied(last);
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
      await deployments.of(reference);
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

function cannotBeCopied(
  answer: Extract<Measurement, { outcome: 'functionError' | 'timedOut' | 'outOfMemory' }>,
): TuneError {
  const said = [answer.errorType, answer.errorMessage].filter((part) => part !== undefined).join(': ');
  return new TuneError(
    'SHADOW',
    `The function cannot be measured as a copy: the copy failed ${attempts} times in a row, first of all sizes. It said: ${said || 'nothing'}.`,
    {
      hint:
        'Either it rejects this payload (give a real one with --payload, or expect the error with --allow-error), or it is bound to its own name: environment ' +
        'encryption helpers, role or key policies that name the function, code that looks itself up.',
    },
  );
}
