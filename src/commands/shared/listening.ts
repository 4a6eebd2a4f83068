import { TuneError } from '../../base/errors.ts';
import type { Interruption, Io, ProcessFacts } from '../../base/io.ts';
import type { RunEvent } from '../../model/engine/events.ts';
import type { Announced } from '../../observe/announced.ts';
import type { Expectation } from '../../progress/state.ts';
import type { Onlooker } from './onlooker.ts';

/** What a program that calls is told while it waits. */
export type TuneEvent =
  | RunEvent
  /** What is about to be done takes so many calls and dollars, about. */
  | ({ readonly kind: 'planned' } & Expectation)
  /** Of `observe`: this is about to be read, and AWS charges about so much for it. */
  | { readonly kind: 'reading'; readonly what: Announced['kind']; readonly usd: number }
  /** Of `observe`: how far it is. */
  | { readonly kind: 'read'; readonly text: string };

export interface Listening {
  readonly io: Io;
  readonly onlooker: Onlooker;
  tell(event: TuneEvent): void;
  /** Lets go of the signal, and passes on what the listener threw. */
  end(): void;
}

/**
 * For a program that calls the package: it hears events, interrupts with a signal, and nothing is printed, asked or read from
 * its streams. Calling is consent.
 */
export function listening(
  facts: ProcessFacts,
  onEvent: (event: TuneEvent) => void,
  signal: AbortSignal | undefined,
): Listening {
  const interrupt = new AbortController();
  const stop = (cause: string) => {
    if (!interrupt.signal.aborted) interrupt.abort({ signal: 'SIGINT', cause } satisfies Interruption);
  };
  const onAbort = () => stop('the caller aborted');
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  let thrown: { readonly error: unknown } | undefined;
  // A listener that throws ends the run, but not in the middle of its clean-up.
  const tell = (event: TuneEvent) => {
    if (thrown !== undefined) return;
    try {
      onEvent(event);
    } catch (error) {
      thrown = { error };
      stop('the listener threw');
    }
  };
  const nowhere = { write: () => undefined, isTty: false, columns: 80 };
  return {
    io: {
      ...facts,
      stdout: nowhere,
      stderr: nowhere,
      stdin: { isTty: false, read: noInput },
      ask: async () => false,
      interrupted: interrupt.signal,
      interrupt: (_, cause) => stop(cause),
      onHardExit: () => undefined,
    },
    tell,
    onlooker: {
      watch(stage) {
        if (stage === 'describe') tell({ kind: 'stage', stage });
        return {
          onEvent: tell,
          planned: (expectation) => tell({ kind: 'planned', ...expectation }),
          stop: () => undefined,
        };
      },
      plan: () => undefined,
      agree: async () => undefined,
      failed: () => undefined,
      say: () => undefined,
    },
    end() {
      signal?.removeEventListener('abort', onAbort);
      if (thrown !== undefined) throw thrown.error;
    },
  };
}

async function noInput(): Promise<never> {
  throw new TuneError('USAGE', '"-" is standard input, which belongs to the program that calls.', {
    hint: 'Read it there, and give what it holds or the name of a file.',
  });
}
