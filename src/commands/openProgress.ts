import type { RunOptions } from '../config.ts';
import type { Stage } from '../events.ts';
import type { Io } from '../io.ts';
import { createProgress, type Progress } from '../progress.ts';
import { canRedraw, showsUnicode } from '../terminal.ts';

export function openProgress(stage: Stage, options: Pick<RunOptions, 'quiet'>, io: Io): Progress {
  return createProgress({
    output: io.stderr,
    mode: options.quiet ? 'silent' : canRedraw(io.stderr, io) ? 'live' : 'lines',
    monotonicMs: io.monotonicMs,
    stage,
    unicode: showsUnicode(io.stderr, io),
    interrupted: io.interrupted,
  });
}
