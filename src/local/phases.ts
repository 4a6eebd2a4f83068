import { exited, type Failure, initFailed } from './outcome.ts';
import type { Sandbox, SandboxEvent } from './sandbox.ts';

/** What a runtime's events mean: how init went, how an invocation ended. */

/** How long a crash waits for what the runtime sent before it died; not part of any duration. */
const lateAnswerMs = 20;

export type InitOutcome =
  | { readonly kind: 'ready'; readonly durationMs: number }
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
  | { readonly kind: 'idle'; readonly atMs: number; readonly answer: Answer }
  | { readonly kind: 'answeredThenExited'; readonly atMs: number; readonly answer: Answer }
  | Exited
  | { readonly kind: 'timeout' };

/** Counted from the start of the runtime itself: what is set up around it is in no figure of Lambda's either. */
export async function awaitInit(sandbox: Sandbox, limitMs: number): Promise<InitOutcome> {
  let startedAtMs = sandbox.openedAtMs;
  for (;;) {
    const event = await sandbox.nextEvent(startedAtMs + limitMs);
    if (event === undefined) return { kind: 'timeout' };
    const durationMs = event.atMs - startedAtMs;
    if (event.kind === 'started') startedAtMs = event.atMs;
    if (event.kind === 'next') return { kind: 'ready', durationMs };
    if (event.kind === 'initError') {
      return { kind: 'failed', durationMs, failure: () => initFailed(event.body, event.errorType) };
    }
    if (event.kind === 'exit') {
      const late = await sandbox.nextEvent(event.atMs + lateAnswerMs);
      if (late?.kind === 'initError') {
        return { kind: 'failed', durationMs, failure: () => initFailed(late.body, late.errorType) };
      }
      return { kind: 'failed', durationMs, outOfMemory: event.outOfMemory, failure: (id) => exited(id, event) };
    }
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
    if (event.kind === 'next' && answer !== undefined) return { kind: 'idle', atMs: event.atMs, answer };
  }
}
