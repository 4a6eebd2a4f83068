import type { ExecutionResult } from '../service/execution.ts';
import { exited, extensionFailed, type Failure, responseTooLarge, responseTruncated } from './outcome.ts';
import type { Ending } from './phases.ts';

/** What the caller of an invocation is told of how it ended. */
export type CallerAnswer = Pick<ExecutionResult, 'status' | 'errorType' | 'functionError' | 'payload'>;

/** A runtime that answers and then dies has answered; the death shows in REPORT when the answer was an error. */
export function answerOf(requestId: string, ending: Exclude<Ending, { kind: 'timeout' }>): CallerAnswer {
  if (ending.kind === 'exit') return failed('error', exited(requestId, ending));
  if (ending.kind === 'extensionFailed') {
    return failed('error', extensionFailed(requestId, ending.errorType, ending.reason));
  }
  const { answer } = ending;
  if (answer.kind === 'response') return { status: 'success', payload: answer.body };
  if (answer.kind === 'responseTooLarge') return failed('error', responseTooLarge(answer.limitBytes));
  if (answer.kind === 'responseTruncated') return failed('error', responseTruncated(requestId));
  return failed('error', {
    payload: answer.body,
    errorType: ending.kind === 'answeredThenExited' ? (ending.errorType ?? 'Runtime.ExitError') : undefined,
  });
}

/** Today's runtimes report every failure as unhandled; `Handled` is a relic of Node 0.10. */
export function failed(status: 'error' | 'timeout', failure: Failure): CallerAnswer {
  return { status, functionError: 'Unhandled', payload: failure.payload, errorType: failure.errorType };
}
