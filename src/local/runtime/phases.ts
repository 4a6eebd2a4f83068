import type { ExtensionHappening } from '../extensions/extensions.ts';
import { exited, extensionFailed, type Failure, initFailed, notSetUp } from './outcome.ts';
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
      /** What leads to the runtime ended, so that nothing of the function ran. */
      readonly neverStarted?: boolean;
      readonly failure: (requestId: string) => Failure;
    }
  /** It took all the time that it had. */
  | { readonly kind: 'timeout'; readonly durationMs: number };

type RuntimeAnswer = Extract<SandboxEvent, { kind: 'response' | 'responseTooLarge' | 'responseTruncated' | 'error' }>;

type Exited = Extract<SandboxEvent, { kind: 'exit' }>;

type ExtensionFailed = Extract<ExtensionHappening, { kind: 'extensionFailed' }>;

export type Ending =
  /** The runtime and all extensions asked for the next event: only then Lambda calls an invocation over. */
  | {
      readonly kind: 'idle';
      readonly runtime: { readonly atMs: number; readonly lateMs: number };
      /** When the last of those was ready that had something to do in this call, before the runtime or after it. */
      readonly extensions: { readonly atMs: number } | undefined;
      readonly answer: RuntimeAnswer;
    }
  | {
      readonly kind: 'answeredThenExited';
      readonly atMs: number;
      readonly answer: RuntimeAnswer;
      readonly errorType?: string;
    }
  | Exited
  | ExtensionFailed
  | { readonly kind: 'timeout' };

/** Counted from the start of the runtime itself: what is set up around it is in no figure of Lambda's either. */
export async function awaitInit(sandbox: Sandbox, limitMs: number): Promise<InitOutcome> {
  let startedMs: number | undefined;
  let end: Extract<SandboxEvent, { kind: 'next' | 'initError' | 'exit' | 'extensionFailed' }> | undefined;
  const isWaiting = (): boolean => end?.kind === 'next' && sandbox.extensions.readySinceMs() === undefined;
  // Several channels: on a busy host the end can be seen before the start, and a crash before what was said of it.
  while (startedMs === undefined || end === undefined || end.kind === 'exit' || isWaiting()) {
    const isOpen = end === undefined || isWaiting();
    const untilMs = isOpen ? (startedMs ?? sandbox.openedAtMs) + limitMs : (end?.atMs ?? 0) + lateAnswerMs;
    const event = await sandbox.nextEvent(untilMs);
    if (event === undefined) break;
    if (event.kind === 'started') startedMs = event.atMs;
    if (event.kind === 'initError') end = event;
    if (event.kind === 'next' || event.kind === 'exit' || event.kind === 'extensionFailed') {
      if (end === undefined || (end.kind === 'next' && event.kind !== 'next')) end = event;
    }
  }
  if (end === undefined || isWaiting()) return { kind: 'timeout', durationMs: limitMs };
  const ended = end;
  const endMs = Math.max(ended.atMs, ended.kind === 'next' ? (sandbox.extensions.readySinceMs() ?? 0) : 0);
  const durationMs = Math.max(0, endMs - (startedMs ?? sandbox.openedAtMs));
  switch (ended.kind) {
    case 'next':
      return { kind: 'ready', durationMs, lateMs: ended.lateMs };
    case 'initError':
      return { kind: 'failed', durationMs, failure: () => initFailed(ended.body, ended.errorType) };
    case 'exit':
      if (startedMs === undefined && !ended.outOfMemory) {
        return { kind: 'failed', durationMs: 0, neverStarted: true, failure: (id) => notSetUp(id, ended) };
      }
      return { kind: 'failed', durationMs, outOfMemory: ended.outOfMemory, failure: (id) => exited(id, ended) };
    case 'extensionFailed':
      return { kind: 'failed', durationMs, failure: (id) => extensionFailed(id, ended.errorType, ended.reason) };
  }
}

/**
 * A runtime that was ready need not be so when its event comes: its client may have closed the connection to ask again, or it
 * may have died, of which the closed connection is seen first. Undefined: it asks for work.
 */
export async function awaitAsking(
  sandbox: Sandbox,
  sinceMs: number,
  limitMs: number,
): Promise<Exclude<Ending, { kind: 'idle' | 'answeredThenExited' }> | undefined> {
  while (!sandbox.isAsking() || sandbox.hasExited()) {
    const event = await sandbox.nextEvent(sinceMs + limitMs);
    if (event === undefined) return { kind: 'timeout' };
    if (event.kind === 'exit' || event.kind === 'extensionFailed') {
      return { ...event, atMs: Math.max(event.atMs, sinceMs) };
    }
  }
  return undefined;
}

export async function awaitEnding(sandbox: Sandbox, handedAtMs: number, limitMs: number): Promise<Ending> {
  let answer: RuntimeAnswer | undefined;
  let exit: Exited | ExtensionFailed | undefined;
  let next: Extract<SandboxEvent, { kind: 'next' }> | undefined;
  for (;;) {
    const event = await sandbox.nextEvent(exit === undefined ? handedAtMs + limitMs : exit.atMs + lateAnswerMs);
    if (event === undefined) {
      if (exit === undefined) return { kind: 'timeout' };
      // Of an answer that breaks off because the runtime dies, the death is the cause.
      if (answer === undefined || answer.kind === 'responseTruncated') return exit;
      const ended = { kind: 'answeredThenExited', atMs: exit.atMs, answer } as const;
      return exit.kind === 'exit' ? ended : { ...ended, errorType: exit.errorType };
    }
    if (event.kind === 'exit' || event.kind === 'extensionFailed') exit ??= event;
    if (isAnswer(event)) answer = event;
    if (event.kind === 'next') next = event;
    if (next === undefined || answer === undefined || exit !== undefined) continue;
    // Extensions may be ready before the runtime is, or long after. Which came first tells nothing of a busy machine: a runtime
    // that waited for a core can be later than an extension that slept, and what it waited is left out of its own time alone.
    const readyMs = sandbox.extensions.readySinceMs();
    if (readyMs === undefined) continue;
    const extensions = readyMs > handedAtMs ? { atMs: readyMs } : undefined;
    return { kind: 'idle', runtime: next, extensions, answer };
  }
}

function isAnswer(event: SandboxEvent): event is RuntimeAnswer {
  switch (event.kind) {
    case 'response':
    case 'responseTooLarge':
    case 'responseTruncated':
    case 'error':
      return true;
    default:
      return false;
  }
}
