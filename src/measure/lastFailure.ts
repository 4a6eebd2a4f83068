import { type FailedCall, type FailureCause, failureCause, rewordedCause } from '../advice/failureCause.ts';
import { lastLogLines } from '../advice/lastLogLines.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { Attempt, Deployment, Platform } from '../model/platform.ts';
import { answeredError, boundedText } from '../report-line/answeredError.ts';

type Answered = Extract<Attempt, { kind: 'answered' }>;

/** A platform that remembers the last call whose function failed: what is to be said of it is asked for when all is over. */
export interface FailureMemory {
  readonly platform: Platform;
  last(): { readonly attempt: Answered; readonly body: string; readonly deployment: Deployment } | undefined;
}

export function rememberingFailures(platform: Platform): FailureMemory {
  let last: ReturnType<FailureMemory['last']>;
  return {
    platform: {
      ...platform,
      async invoke(deployment, body, signal) {
        const attempt = await platform.invoke(deployment, body, signal);
        if (attempt.kind === 'answered' && attempt.functionError !== undefined) last = { attempt, body, deployment };
        return attempt;
      },
    },
    last: () => last,
  };
}

/** What a failed call tells, without the secrets that its words may hold. Still untrusted: escape where shown. */
export interface ToldFailure {
  readonly said: string;
  readonly cause: FailureCause;
  readonly lastLog: readonly string[];
}

const longestSaid = 600;

export function toldFailure(
  { platform, last }: FailureMemory,
  outcome: FailedCall['outcome'],
  facts: Pick<FunctionFacts, 'handler' | 'timeoutS'>,
): ToldFailure | undefined {
  const failed = last();
  if (failed === undefined) return undefined;
  const { attempt, body, deployment } = failed;
  // Not bounded before secrets are out: half of one would not be recognised.
  const error = answeredError(attempt.responseBody, Number.POSITIVE_INFINITY);
  const log = attempt.logTail ?? '';
  const redacted = (text: string) => shownPaths(platform.redacted(text, body));
  const cause = failureCause({
    ...error,
    outcome,
    trace: `${attempt.responseBody}\n${log}`,
    memoryMb: deployment.configuration.memoryMb,
    timeoutS: facts.timeoutS,
    handler: facts.handler,
  });
  const said = [error.errorType, error.errorMessage].filter((part) => part !== undefined).join(': ');
  return {
    said: boundedText(redacted(withoutRequestId(said)), longestSaid) ?? '',
    cause: rewordedCause(cause, redacted),
    lastLog: lastLogLines(log, redacted),
  };
}

/** The embedded endpoint unpacks code where this run ends; people know it as Lambda's own folder. */
function shownPaths(text: string): string {
  return text.replaceAll(/(?:file:\/\/)?\/[^\s'"()]*\/tune-endpoint-\w+\/code\/[0-9a-f]{64}/g, '/var/task');
}

function withoutRequestId(said: string): string {
  return said.replace(/RequestId: [\w-]{8,100} Error: /, '');
}
