import type { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { canColor } from '../../host/terminal.ts';
import type { Stage } from '../../model/engine/events.ts';
import type { RunOptions } from '../../options/options.ts';
import type { Progress } from '../../progress/progress.ts';
import { type AskedFor, askConsent } from './consent.ts';
import { openProgress, type ShownPlan } from './openProgress.ts';
import { reportError } from './reportError.ts';

/**
 * Who looks on while a command works: people at a terminal, or the program that called the package. A command does and says
 * what happens; the onlooker shows it, so that both have one path.
 */
export interface Onlooker {
  /** A part of the work that takes a while; `plan` was shown before it and may have to be shown again. */
  watch(stage: Stage, plan?: ShownPlan): Progress;
  plan(shown: ShownPlan): void;
  /** Nothing is created in an account before it resolves. @throws TuneError CONSENT */
  agree(options: Pick<RunOptions, 'yes' | 'maxSpendUsd'>, asked: AskedFor): Promise<void>;
  /** What went wrong on the way: the document tells less of it, or nothing. */
  failed(error: unknown): void;
  say(text: string): void;
}

export function terminalOnlooker(options: RunOptions, io: Io): Onlooker {
  return {
    watch: (stage, plan) => openProgress(stage, options, io, plan),
    plan(shown) {
      if (options.quiet) return;
      io.stderr.write(shown({ columns: io.stderr.columns, color: canColor(io.stderr, options, io) }));
    },
    agree: (given, asked) => askConsent(given, asked, io),
    failed: (error) => {
      reportError(error, io);
    },
    say: (text) => io.stderr.write(text),
  };
}

/** What a command comes to: the document that is saved, how it ends for a shell, and what kept it from its answer. */
export interface Done<Saved> {
  readonly saved: Saved;
  readonly exitCode: ExitCode;
  readonly failure?: unknown;
}
