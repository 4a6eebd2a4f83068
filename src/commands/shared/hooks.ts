import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { AwsClients } from '../../aws/client/client.ts';
import { functionHook, hookCallUsd, readHookFunction } from '../../aws/invoke/functionHook.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { commandHook } from '../../host/commandHook.ts';
import { hookFailed } from '../../measure/hookedCall.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { CallHooks, Hook, HookCosts, RunHooks } from '../../model/hooks.ts';
import type { RunOptions } from '../../options/options.ts';
import { assumedMs } from '../../plan/estimate.ts';
import { type HookKey, type HookRequest, hookFlags, hookKeys, parseHook } from '../../plan/hooks.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { clientOptions } from './clientOptions.ts';
import type { Connections } from './connections.ts';
import { costModelOf } from './costModel.ts';
import type { Onlooker } from './onlooker.ts';

/** The hooks of a run, read and ready; absent where there are none. */
export interface OpenHooks {
  readonly calls: CallHooks | undefined;
  readonly run: RunHooks;
  readonly costs: HookCosts;
}

export interface AskedHook {
  readonly key: HookKey;
  readonly request: HookRequest;
}

/** Before anything is looked up. @throws TuneError USAGE */
export function askedHooks(options: RunOptions, isPath: boolean): readonly AskedHook[] {
  return hookKeys.flatMap((key) => {
    const text = options[key];
    if (text === undefined) return [];
    const request = parseHook(text, hookFlags[key]);
    if (request.kind === 'function' && isPath) {
      throw new TuneError('USAGE', `${hookFlags[key]} names a function, and a path is measured without an account.`, {
        hint: `Give a command: ${hookFlags[key]} ./script.sh`,
      });
    }
    if (request.kind === 'function') parseFunctionRef(request.named);
    return [{ key, request }];
  });
}

/** Longer than what a hook of one call should take; what makes ready a whole run may load a database. */
const longestMs = { call: 60_000, run: 15 * 60_000 } as const;

/** Reads only. @throws TuneError USAGE where a function is not there, ACCESS_DENIED, … */
export async function openHooks(
  asked: readonly AskedHook[],
  { facts, clients }: { readonly facts: FunctionFacts; readonly clients: AwsClients },
  options: RunOptions,
  io: Io,
  connections: Connections,
): Promise<OpenHooks | undefined> {
  if (asked.length === 0) return undefined;
  const opened = new Map<HookKey, Hook>();
  const expectedUsd = new Map<HookKey, number>();
  for (const { key, request } of asked) {
    const flag = hookFlags[key];
    if (request.kind === 'command') {
      checkProgram(request.line, flag, io);
      const isOfRun = key === 'beforeRun' || key === 'afterRun';
      const variables = { TUNE_HOOK: flag.slice(2), TUNE_FUNCTION: facts.functionName };
      opened.set(
        key,
        commandHook({ flag, line: request.line, variables, longestMs: longestMs[isOfRun ? 'run' : 'call'] }, io),
      );
      continue;
    }
    const ref = parseFunctionRef(request.named);
    const isHere = ref.region === undefined || ref.region === clients.region;
    const isOfAccount = ref.accountId === undefined || ref.accountId === facts.accountId;
    if (isHere && isOfAccount && ref.functionName === facts.functionName) {
      throw new TuneError('USAGE', `${flag} names ${facts.functionName}, the function that is measured.`, {
        hint: 'It is only read, and its copies alone are called. Give another function, or a command.',
      });
    }
    const own = isHere ? clients : await connections.clients(clientOptions(options, ref.region));
    const hook = await readHookFunction(own, ref, flag);
    const costModel = costModelOf(options, own.region);
    const client = own.measuring({ maxInFlight: options.maxInFlight ?? 32, functionTimeoutS: hook.timeoutS });
    opened.set(key, functionHook(hook, flag, client, costModel));
    expectedUsd.set(key, hookCallUsd(hook, Math.min(assumedMs, hook.timeoutS * 1000), costModel));
  }
  const hookOf = (key: HookKey) => opened.get(key);
  const sumOf = (keys: readonly HookKey[]) => ({
    expectedUsd: keys.reduce((sum, key) => sum + (expectedUsd.get(key) ?? 0), 0),
    worstUsd: keys.reduce((sum, key) => sum + (hookOf(key)?.worstCaseUsd ?? 0), 0),
  });
  const [before, after] = [hookOf('before'), hookOf('after')];
  return {
    calls: before === undefined && after === undefined ? undefined : { before, after },
    run: { beforeRun: hookOf('beforeRun'), afterRun: hookOf('afterRun') },
    costs: {
      perCall: {
        ...sumOf(['before', 'after']),
        expectedMs: [before, after].filter((hook) => hook?.kind === 'function').length * assumedMs,
      },
      perRun: sumOf(['beforeRun', 'afterRun']),
      hasCommands: [...opened.values()].some(({ kind }) => kind === 'command'),
    },
  };
}

/** A program that is not there would fail at every call, when copies exist. What a shell makes of other lines only it knows. @throws TuneError USAGE */
function checkProgram(line: string, flag: string, io: Io): void {
  const [path] = /^\.{0,2}\/[\w./@+-]*(?=\s|$)/.exec(line) ?? [];
  if (path === undefined) return;
  try {
    accessSync(resolve(io.cwd, path), constants.X_OK);
  } catch {
    throw new TuneError('USAGE', `${flag}: there is no ${path} that can be run.`, {
      hint: `It is looked for from ${io.cwd}; a script has to be executable (chmod +x). Nothing was created.`,
    });
  }
}

/** What a hook of a run is told: on standard input, or as its event. */
interface HookedRun {
  readonly runId: string;
  readonly function: string;
}

const never = new AbortController().signal;

/**
 * `--before-run`, the run, `--after-run`: the last one whatever became of the others, also after an interruption. What was
 * measured is kept when it fails. @throws TuneError HOOK where `--before-run` fails: then nothing was created
 */
export async function aroundRun<Measured>(
  hooks: RunHooks | undefined,
  run: HookedRun,
  io: Io,
  onlooker: Pick<Onlooker, 'say'>,
  measure: () => Promise<Measured>,
): Promise<Measured> {
  const { beforeRun, afterRun } = hooks ?? {};
  let ended = 'failed';
  try {
    if (beforeRun !== undefined) {
      const answer = await beforeRun.run(JSON.stringify(run), io.interrupted);
      if (answer.kind === 'failed') throw hookFailed(beforeRun, answer);
    }
    const measured = await measure();
    ended = 'measured';
    return measured;
  } finally {
    if (afterRun !== undefined) {
      const state = io.interrupted.aborted ? 'interrupted' : ended;
      const answer = await afterRun.run(JSON.stringify({ ...run, ended: state }), never);
      if (answer.kind === 'failed') onlooker.say(afterFailed(afterRun, answer.reason, answer.lastLines));
    }
  }
}

function afterFailed({ flag }: Hook, reason: string, lines: readonly string[]): string {
  const said = lines.map((line) => `      ${escapeTerminal(line)}\n`).join('');
  return `tune: the hook ${flag} failed: ${escapeTerminal(reason)}. What it was to put in order may still be as the run left it.\n${said}`;
}
