import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TuningResult, tuningResultSchema } from '../../src/model/run.ts';
import { type Account, accountPicture, canary, type Finished } from '../e2e/support.ts';
import { capUsd, durationMsOf, plannedInvocations } from './runUnderTest.ts';

/** What holds after every run, whatever it met. Each answers with what is violated. */

export interface Expected {
  /** Exit codes that are right; 70 never is. */
  readonly codes: readonly number[];
  /** The answer must be the undisturbed one. */
  readonly answer?: 'complete';
  /** Answers that were sent but need not have been read any more (interruptions). */
  readonly unreadAnswers?: number;
  /** The service must have refused a request for the time of its signature: otherwise nothing happened. */
  readonly mistimed?: boolean;
}

const isRead = (operation: string) => /^(Get|List|Describe|Filter|Download|Head)/.test(operation);

export async function violationsOf(
  account: Account,
  before: unknown,
  finished: Finished,
  expected: Expected,
): Promise<readonly string[]> {
  const result = parseResult(finished.stdout);
  const violations: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) violations.push(text);
  };

  check(
    finished.code !== null && expected.codes.includes(finished.code),
    `exit code ${finished.code}: ${lastLine(finished)}`,
  );
  check(result !== 'damaged', 'stdout is neither empty nor the saved run');
  check(!/\n {4}at |this is a bug/.test(finished.stderr), `a stack trace: ${lastLine(finished)}`);
  check(finished.code === 0 || finished.stderr !== '', 'no word on why it failed');

  const refused = account.endpoint.calls().some(({ status = 0 }) => status === 400 || status === 403);
  check(refused || expected.mistimed !== true, 'no request was refused for its time');

  violations.push(...writesOnTarget(account));
  const clean = JSON.stringify(accountPicture(account.endpoint.snapshot())) === JSON.stringify(before);
  check(clean || finished.code === 5, 'something was left behind without exit code 5');

  if (typeof result === 'object') violations.push(...violationsOfResult(result, account, expected));
  else {
    check(finished.code !== 0, 'exit code 0 without a result');
    const answered = answeredInvocations(account);
    check(answered <= (expected.unreadAnswers ?? 0), `${answered} measurements are in no saved run`);
  }
  violations.push(...(await leaks(account, finished)));
  return violations;
}

function violationsOfResult(result: TuningResult, account: Account, expected: Expected): readonly string[] {
  const violations: string[] = [];
  const rows = result.configurations;
  const reported = rows.flatMap(({ measurements }) => measurements).filter(({ outcome }) => outcome !== 'unreported');
  const answered = answeredInvocations(account);
  const missing = answered - reported.length;
  if (missing < 0) violations.push(`${reported.length} measurements of ${answered} answers`);
  // An answer that came while the run was stopping is not waited for; the call is in the saved run all the same.
  const unread = rows.flatMap(({ measurements }) => measurements).filter(isNoLongerWaitedFor).length;
  if (missing > Math.max(unread, expected.unreadAnswers ?? 0))
    violations.push(`${missing} of ${answered} answers are not in the saved run`);
  // A call whose answer was lost counts as made and is made again.
  const lost = rows.flatMap(({ measurements }) => measurements).length - reported.length;
  if (result.spend.invocations > plannedInvocations + lost)
    violations.push(`${result.spend.invocations} invocations, ${lost} of them lost`);
  if (result.spend.actualUsd > capUsd) violations.push(`spent ${result.spend.actualUsd} of ${capUsd} US$`);
  violations.push(...wrongDurations(result));
  if (expected.answer === 'complete') violations.push(...wrongAnswer(result));
  return violations;
}

function wrongDurations({ configurations }: TuningResult): readonly string[] {
  return configurations.flatMap(({ memoryMb, architecture, measurements }) =>
    measurements
      .flatMap((measurement) => (measurement.outcome === 'succeeded' ? [measurement.durationMs] : []))
      .filter((durationMs) => durationMs !== durationMsOf(memoryMb, architecture))
      .map((durationMs) => `${memoryMb} MB ${architecture} measured ${durationMs} ms`),
  );
}

/** Not that of the undisturbed run. */
function wrongAnswer({ configurations: rows, cheapest }: TuningResult): readonly string[] {
  const violations: string[] = [];
  if (rows.length !== 6 || rows.some(({ status }) => status !== 'measured')) violations.push('not all is measured');
  if (cheapest?.memoryMb !== 128 || cheapest.architecture !== 'arm64') {
    violations.push(`cheapest is ${cheapest?.memoryMb} MB ${cheapest?.architecture}`);
  }
  return violations;
}

function writesOnTarget(account: Account): readonly string[] {
  return account.endpoint
    .calls()
    .filter(({ operation, resource }) => !isRead(operation) && /:function:orders(:|$)/.test(resource))
    .map(({ operation }) => `${operation} on the target`);
}

/** Of a run that others ran beside: it is as if it had been alone. */
export function violationsBeside(id: string, finished: Finished): readonly string[] {
  const result = parseResult(finished.stdout);
  if (finished.code !== 0 || typeof result !== 'object')
    return [`${id}: exit code ${finished.code}: ${lastLine(finished)}`];
  const made = result.configurations.reduce((sum, { measurements }) => sum + measurements.length, 0);
  return [
    ...(result.runId === id ? [] : [`the result is of ${result.runId}`]),
    ...(made === plannedInvocations ? [] : [`${made} measurements`]),
    ...wrongDurations(result),
    ...wrongAnswer(result),
  ].map((violation) => `${id}: ${violation}`);
}

/** When all is over. */
export function violationsOfAccount(account: Account, before: unknown): readonly string[] {
  const after = accountPicture(account.endpoint.snapshot());
  return [
    ...(JSON.stringify(after) === JSON.stringify(before) ? [] : ['something was left behind']),
    ...writesOnTarget(account),
  ];
}

function isNoLongerWaitedFor(measurement: TuningResult['configurations'][number]['measurements'][number]): boolean {
  return measurement.outcome === 'unreported' && measurement.reason.startsWith('no longer waited for');
}

function answeredInvocations(account: Account): number {
  return account.endpoint.calls().filter(({ operation, status }) => operation === 'Invoke' && status === 200).length;
}

/** Nothing that one clean-up does not remove. */
export function violationsOfCleanup(account: Account, before: unknown, finished: Finished): readonly string[] {
  const violations: string[] = [];
  if (finished.code !== 0) violations.push(`cleanup ends with ${finished.code}: ${lastLine(finished)}`);
  const after = accountPicture(account.endpoint.snapshot());
  if (JSON.stringify(after) !== JSON.stringify(before)) violations.push('cleanup left something behind');
  return violations;
}

async function leaks(account: Account, finished: Finished): Promise<readonly string[]> {
  const found = [];
  if (finished.stdout.includes(canary) || finished.stderr.includes(canary)) found.push('a secret in the output');
  const files = await readdir(account.stateFolder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile()) continue;
    const text = await readFile(join(file.parentPath, file.name), 'utf8').catch(() => '');
    if (text.includes(canary)) found.push(`a secret in ${file.name}`);
  }
  return found;
}

function parseResult(stdout: string): TuningResult | 'none' | 'damaged' {
  if (stdout === '') return 'none';
  try {
    return tuningResultSchema.parse(JSON.parse(stdout));
  } catch {
    return 'damaged';
  }
}

function lastLine({ stderr }: Finished): string {
  return stderr.trim().split('\n').slice(-3).join(' / ').slice(0, 300);
}
