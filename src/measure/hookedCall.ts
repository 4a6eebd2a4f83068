import { TuneError } from '../base/errors.ts';
import type { Hook, HookAnswer } from '../model/hooks.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Deployment, Platform } from '../model/platform.ts';
import { payloadAfterHook } from '../plan/hooks.ts';
import { type Measuring, measureOnce, type PlannedCall } from './measureOnce.ts';
import type { SpendLedger } from './spend.ts';

/** So many failures in a row are no accident: the run ends, before more is paid for nothing. */
const failuresInARow = 5;

/**
 * One measured call with what is to be done before and after it. The hooks' time is in no figure: Lambda reports the call
 * alone. Everything that may be billed is reserved at once: two calls that each hold a part and wait for the rest would wait
 * for each other.
 */
export async function hookedCall(
  run: Measuring,
  deployment: Deployment,
  call: PlannedCall,
): Promise<Measurement | undefined> {
  if (run.hooks === undefined) return measureOnce(run, deployment, call);
  if (run.stop.aborted) return undefined;
  const { before, after } = run.hooks;
  const worstUsd = run.worstCaseUsd(deployment) + (before?.worstCaseUsd ?? 0) + (after?.worstCaseUsd ?? 0);
  if (!(await run.ledger.reserve(worstUsd))) {
    run.pressure.capReached = true;
    return undefined;
  }
  const paid = prepaid(run.ledger);
  try {
    const body = before === undefined ? call.body : await prepared(run, before, call.body, paid);
    if (body === undefined) return undefined;
    if (typeof body === 'object') return notMade(run, call, body.failed);
    const watched = rememberingAnswer(run.platform);
    const measurement = await measureOnce({ ...run, platform: watched.platform, ledger: paid.ledger }, deployment, {
      ...call,
      body,
    });
    if (measurement === undefined || after === undefined) return measurement;
    const answer = await runHook(run, after, watched.answer() ?? 'null', paid);
    return answer.kind === 'done' ? measurement : notCounted(measurement, answer, after);
  } finally {
    run.ledger.settle(worstUsd, paid.spentUsd());
  }
}

/** The payload that is sent; or why none is. Undefined: the run stops. */
async function prepared(
  run: Measuring,
  hook: Hook,
  body: string,
  paid: Prepaid,
): Promise<string | { readonly failed: string } | undefined> {
  const asked: Hook = {
    ...hook,
    async run(input, signal) {
      const answer = await hook.run(input, signal);
      if (answer.kind === 'failed') return answer;
      const output = payloadAfterHook(answer.output, input);
      if (output !== undefined) return { ...answer, output };
      return { kind: 'failed', reason: 'its answer is not JSON', lastLines: [], costUsd: answer.costUsd };
    },
  };
  const answer = await runHook(run, asked, body, paid);
  if (run.stop.aborted) return undefined;
  return answer.kind === 'done' ? answer.output : { failed: `the hook ${hook.flag} failed: ${answer.reason}` };
}

async function runHook(run: Measuring, hook: Hook, input: string, paid: Prepaid): Promise<HookAnswer> {
  // Within the bound of what is in flight: a function takes concurrency, a command this machine.
  const answer = await run.inFlight.run(() => hook.run(input, run.abandon));
  paid.ledger.settle(0, answer.costUsd);
  if (answer.kind === 'failed') countFailure(run, hook, answer);
  else run.pressure.hookFailuresInARow = 0;
  return answer;
}

function countFailure(run: Measuring, hook: Hook, answer: Extract<HookAnswer, { kind: 'failed' }>): void {
  if (run.stop.aborted) return;
  run.pressure.hookFailuresInARow += 1;
  if (run.pressure.hookFailuresInARow >= failuresInARow)
    throw hookFailed(hook, answer, ` ${failuresInARow} times in a row`);
}

export function hookFailed(hook: Hook, answer: Extract<HookAnswer, { kind: 'failed' }>, often = ''): TuneError {
  return new TuneError('HOOK', `The hook ${hook.flag} failed${often}: ${answer.reason}.`, {
    lastLog: answer.lastLines,
    hint: `Try it alone, with ${hook.flag.endsWith('-run') ? '{"runId": "test"}' : 'a payload'} on its standard input or as its event, or measure without it: leave out ${hook.flag}.`,
  });
}

/** Nothing was sent, and nothing but the hook is billed. */
function notMade(run: Measuring, call: PlannedCall, reason: string): Measurement {
  return {
    requestId: '',
    startedAt: run.now().toISOString(),
    environment: call.environment,
    payload: call.payload,
    start: call.plannedStart,
    outcome: 'unreported',
    reason: `${reason}; the call was not made`,
    hook: 'before',
  };
}

/** It was made and is billed, but what came of it was not followed up as it should be. */
function notCounted(
  { requestId, startedAt, environment, payload, start }: Measurement,
  { reason }: Extract<HookAnswer, { kind: 'failed' }>,
  hook: Hook,
): Measurement {
  return {
    requestId,
    startedAt,
    environment,
    payload,
    start,
    outcome: 'unreported',
    reason: `the hook ${hook.flag} failed: ${reason}`,
    hook: 'after',
  };
}

interface Prepaid {
  readonly ledger: SpendLedger;
  spentUsd(): number;
}

/** Inside a reservation that holds for all: only what was spent is counted. */
function prepaid(ledger: SpendLedger): Prepaid {
  let spentUsd = 0;
  return {
    ledger: {
      reserve: async () => true,
      settle(_reserved, actualUsd) {
        spentUsd += actualUsd;
      },
      get spentUsd() {
        return ledger.spentUsd + spentUsd;
      },
      get reservedUsd() {
        return ledger.reservedUsd;
      },
    },
    spentUsd: () => spentUsd,
  };
}

function rememberingAnswer(platform: Platform): { readonly platform: Platform; answer(): string | undefined } {
  let answer: string | undefined;
  return {
    platform: {
      ...platform,
      async invoke(deployment, body, signal) {
        const attempt = await platform.invoke(deployment, body, signal);
        if (attempt.kind === 'answered') answer = attempt.responseBody === '' ? 'null' : attempt.responseBody;
        return attempt;
      },
    },
    answer: () => answer,
  };
}
