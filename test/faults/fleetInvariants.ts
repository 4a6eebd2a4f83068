import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSavedPortfolio, parseSavedRun } from '../../src/documents/savedDocument.ts';
import { accountPicture, type Finished, runTune } from '../e2e/support.ts';
import {
  callsEach,
  type FleetStage,
  fleetCapUsd,
  fleetNames,
  inFlightOfPart,
  type Progress,
  partOf,
  sizes,
} from './fleetUnderTest.ts';

/** One process of a part, and how far the part was before it and after it. */
export interface Attempt {
  readonly part: number;
  readonly known: Progress;
  readonly left: Progress;
  /** Invocations that were answered, by function. */
  readonly calls: ReadonlyMap<string, number>;
  readonly finished: Finished;
}

/** No function is paid twice: what is done is not called, and what was begun is only called for what it lacks. */
export function violationsOfAttempt({ part, known, left, calls, finished }: Attempt): readonly string[] {
  const violations: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) violations.push(`part ${part}: ${text}`);
  };
  check(finished.signal === 'SIGKILL' || finished.code === 0, `ends with ${finished.code}: ${lastLines(finished)}`);
  check(!/\n {4}at |this is a bug/.test(finished.stderr), `a stack trace: ${lastLines(finished)}`);
  let lost = 0;
  for (const [name, made] of calls) {
    check(partOf(name) === part, `calls ${name}, which is another part's`);
    const before = known.get(name);
    check(before?.state !== 'measured', `${name} was done and is called ${made} times`);
    const missing = sizes.map((size) => Math.max(0, callsEach - (before?.recorded.get(size) ?? 0)));
    // New copies start cold once more, each size that lacks something, and the reference that is tried first.
    const isBegun = missing.some((count) => count < callsEach);
    const most =
      missing.reduce((sum, count) => sum + (count === 0 ? 0 : count + (isBegun ? 1 : 0)), 0) + (isBegun ? 1 : 0);
    check(made <= most, `${name} lacked ${missing.join(' and ')} calls and is called ${made} times`);
    const after = left.get(name);
    if (after?.state === 'measured') continue;
    lost += made - (recordedOf(after) - recordedOf(before));
  }
  // Answers that were on their way when it was killed.
  check(lost <= inFlightOfPart, `${lost} answers that came are written down nowhere`);
  return violations;
}

/** Both parts have ended by themselves: none is lost, and nothing is left. */
export async function violationsOfFleet(
  { account, folder }: FleetStage,
  before: unknown,
  attempts: readonly Attempt[],
): Promise<readonly string[]> {
  const violations: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) violations.push(text);
  };
  const after = accountPicture(account.endpoint.snapshot());
  check(JSON.stringify(after) === JSON.stringify(before), 'something was left behind');
  const writes = account.endpoint
    .calls()
    .filter(({ operation, resource }) => operation === 'Invoke' && !resource.includes(':function:tune-'));
  check(writes.length === 0, 'a function itself was invoked');
  const merged = await runTune(['fleet', 'merge', 'runs', '--json'], account.env, folder);
  check(merged.code === 0, `the merge ends with ${merged.code}: ${lastLines(merged)}`);
  if (merged.code !== 0) return violations;
  const { functions, total, shards } = parseSavedPortfolio(merged.stdout, 'the portfolio');
  check(shards.missing.length === 0, `parts ${shards.missing.join(', ')} are missing`);
  check(total.spentUsd <= fleetCapUsd, `spent ${total.spentUsd} of ${fleetCapUsd} US$`);
  const names = functions.map(({ functionName }) => functionName).toSorted();
  check(JSON.stringify(names) === JSON.stringify(fleetNames), `${names.join(', ')} of ${fleetNames.join(', ')}`);
  for (const { functionName, state, answer, runFile, because } of functions) {
    check(state === 'measured', `${functionName} is ${state}: ${because}`);
    check(answer?.kind === 'change' && answer.configuration?.memoryMb === 1769, `${functionName}: ${because}`);
    if (runFile === null) continue;
    const run = parseSavedRun(await readFile(join(folder, 'runs', runFile), 'utf8'), runFile);
    const rows = run.configurations;
    check(rows.length === sizes.length && rows.every(({ status }) => status === 'measured'), `${runFile} is not whole`);
    const kept = rows.flatMap(({ measurements }) => measurements);
    const ids = kept.flatMap((one) => ('requestId' in one && one.requestId !== undefined ? [one.requestId] : []));
    check(new Set(ids).size === ids.length, `${runFile} counts a call twice`);
    const answered = attempts.reduce((sum, { calls }) => sum + (calls.get(functionName) ?? 0), 0);
    const reported = kept.filter(({ outcome }) => outcome !== 'unreported').length;
    const kills = attempts.filter(({ part, finished }) => part === partOf(functionName) && finished.code === null);
    const lost = answered - reported;
    check(lost >= 0 && lost <= kills.length * inFlightOfPart, `${functionName}: ${reported} of ${answered} answers`);
  }
  return violations;
}

function recordedOf(one: { readonly recorded: ReadonlyMap<number, number> } | undefined): number {
  return [...(one?.recorded.values() ?? [])].reduce((sum, count) => sum + count, 0);
}

function lastLines({ stderr }: Finished): string {
  return stderr.trim().split('\n').slice(-3).join(' / ').slice(0, 300);
}
