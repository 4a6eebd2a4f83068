import { CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { TuneError } from '../../base/errors.ts';
import { callFailed, isDenied, isNamed, serviceError } from '../client/failure.ts';
import { aborted, pause, type StopSignals } from '../client/stopping.ts';
import { type Presence, type ShadowContext, warn } from './context.ts';
import { ownTags } from './shadowRequest.ts';

export interface RunLogGroup {
  /** Settles when its retention is set, or could not be. Never rejects. */
  readonly settled: Promise<void>;
}

const retentionDays = 1;
const attempts = 4;

/**
 * Creates the run's one log group before any shadow: groups that Lambda makes by itself have no tags and never expire.
 * When it may not be created, the run goes on and says so.
 * @throws TuneError USAGE when a group of that run id exists, CREDENTIALS, UNREACHABLE, STATE_DIRECTORY
 */
export async function createLogGroup(
  context: ShadowContext,
  presence: Presence,
  signals: StopSignals,
): Promise<RunLogGroup> {
  const { clients, journal, logGroup, facts, run } = context;
  const resource = { kind: 'logGroup', name: logGroup, region: facts.region } as const;
  const call = { operation: 'CloudWatchLogs.CreateLogGroup', resource: logGroup };
  journal.intend(resource);
  presence.is = 'perhaps';
  for (let attempt = 1; ; attempt += 1) {
    try {
      const tags = ownTags({ ...run, expiresAt: context.expiresAt() });
      await clients.logs.send(new CreateLogGroupCommand({ logGroupName: logGroup, tags }), {
        abortSignal: signals.hardStop,
      });
      break;
    } catch (error) {
      if (signals.hardStop.aborted) throw aborted();
      const { attempts: sent } = serviceError(error);
      if (isNamed(error, 'ResourceAlreadyExistsException')) {
        // Only a repeated request can meet the group that it made itself.
        if (sent > 1) break;
        presence.is = 'absent';
        journal.removed(resource);
        throw inUse(logGroup, run.id);
      }
      // Something of that name is being deleted.
      if (isNamed(error, 'OperationAbortedException') && attempt < attempts) {
        await pause(context.clock, 500 * attempt, signals.stop);
        continue;
      }
      const failed = callFailed(error, call);
      if (failed.code === 'CREDENTIALS' || failed.code === 'UNREACHABLE') throw failed;
      warn(
        context,
        'logGroup',
        `${isDenied(error) ? '' : 'The log group of the run could not be created. '}${failed.message} The run goes on: where an answer carries no REPORT, the logs may not be readable.`,
      );
      // Lambda makes it when the role may.
      return { settled: Promise.resolve() };
    }
  }
  presence.is = 'there';
  journal.made(resource);
  context.onEvent({ kind: 'account', action: 'created', name: logGroup });
  // Not on the way of anything: the group goes at the end of the run, retention is for a run that is killed.
  return { settled: limitRetention(context, signals.hardStop) };
}

async function limitRetention(context: ShadowContext, signal: AbortSignal): Promise<void> {
  try {
    await context.clients.logs.send(
      new PutRetentionPolicyCommand({ logGroupName: context.logGroup, retentionInDays: retentionDays }),
      { abortSignal: signal },
    );
  } catch (error) {
    if (signal.aborted) return;
    const failed = callFailed(error, { operation: 'CloudWatchLogs.PutRetentionPolicy', resource: context.logGroup });
    warn(
      context,
      'logRetention',
      `The log group of the run keeps its events until it is deleted at the end: ${failed.message}`,
    );
  }
}

function inUse(logGroup: string, runId: string): TuneError {
  return new TuneError('USAGE', `The run id "${runId}" is in use: there is already a log group ${logGroup}.`, {
    hint: `Give another --run-id, or remove what that run left: tune cleanup --run ${runId}`,
  });
}
