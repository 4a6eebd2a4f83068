import { exited, type Failure, initFailed } from './outcome.ts';
import type { Sandbox, SandboxEvent } from './sandbox.ts';

/** What a runtime's events mean: how init went, how an invocation ended. */

/** How long a crash waits for what the runtime sent before it died; not part of any duration. */
const lateAnswerMs = 20;

export type InitOutcome =
  | { readonly kind: 'ready'; readonly durationMs: number; readonly lateMs: number }
  | {
      readonly kind: 'failed';
      readonly durationMs: number;
      readonly outOfMemory?: boolean;
      readonly failure: (requestId: string) => Failure;
    }
  | { readonly kind: 'timeout' };

type Answer = Extract<SandboxEvent, { kind: 'response' | 'responseTooLarge' | 'error' }>;

type Exited = Extract<SandboxEvent, { kind: 'exit' }>;

export type Ending =
  /** The runtime asked for the next event: only then Lambda calls an invocation over. */
  | { readonly kind: 'idle'; readonly atMs: number; readonly lateMs: number; readonly answer: Answer }
  | { readonly kind: 'answeredThenExited'; readonly atMs: number; readonly answer: Answer }
  | Exited
  | { readonly kind: 'timeout' };

/** Counted from the start of the runtime itself: what is set up around it is in no figure of Lambda's either. */
export async function awaitInit(sandbox: Sandbox, limitMs: number): Promise<InitOutcome> {
  let startedMs: number | undefined;
  let end: Extract<SandboxEvent, { kind: 'next' | 'initError' | 'exit' }> | undefined;
  // Several channels: on a busy host the end can be seen before the start, and a crash before what was said of it.
  while (startedMs === undefined || end === undefined || end.kind === 'exit') {
    const untilMs = end === undefined ? (startedMs ?? sandbox.openedAtMs) + limitMs : end.atMs + lateAnswerMs;
    const event = await sandbox.nextEvent(untilMs);
    if (event === undefined) break;
    if (event.kind === 'started') startedMs = event.atMs;
    if (event.kind === 'initError') end = event;
    if (event.kind === 'next' || event.kind === 'exit') end ??= event;
  }
  if (end === undefined) return { kind: 'timeout' };
  const durationMs = Math.max(0, end.atMs - (startedMs ?? sandbox.openedAtMs));
  const ended = end;
  switch (ended.kind) {
    case 'next':
      return { kind: 'ready', durationMs, lateMs: ended.lateMs };
    case 'initError':
      return { kind: 'failed', durationMs, failure: () => initFailed(ended.body, ended.errorType) };
    case 'exit':
      return { kind: 'failed', durationMs, outOfMemory: ended.outOfMemory, failure: (id) => exited(id, ended) };
  }
}

export async function awaitEnding(sandbox: Sandbox, handedAtMs: number, limitMs: number): Promise<Ending> {
  let answer: Answer | undefined;
  let exit: Exited | undefined;
  for (;;) {
    const event = await sandbox.nextEvent(exit === undefined ? handedAtMs + limitMs : exit.atMs + lateAnswerMs);
    if (event === undefined) {
      if (exit === undefined) return { kind: 'timeout' };
      return answer === undefined ? exit : { kind: 'answeredThenExited', atMs: exit.atMs, answer };
    }
    if (event.kind === 'exit') exit = event;
    if (event.kind === 'response' || event.kind === 'responseTooLarge' || event.kind === 'error') answer = event;
    if (event.kind === 'next' && answer !== undefined) {
      return { kind: 'idle', atMs: event.atMs, lateMs: event.lateMs, answer };
    }
  }
}
