import type { Io } from '../../base/io.ts';
import { canColor, canRedraw, showsUnicode } from '../../host/terminal.ts';
import type { Stage } from '../../model/engine/events.ts';
import type { RunOptions } from '../../options/options.ts';
import { createProgress, type Progress } from '../../progress/progress.ts';

/** A plan as text, for a view of so many columns: it is shown again when the terminal's width changes. */
export type ShownPlan = (view: { readonly columns: number; readonly color: boolean }) => string;

export function openProgress(
  stage: Stage,
  options: Pick<RunOptions, 'quiet' | 'color'>,
  io: Io,
  plan: ShownPlan = () => '',
): Progress {
  return createProgress({
    output: io.stderr,
    mode: options.quiet ? 'silent' : canRedraw(io.stderr, io) ? 'live' : 'lines',
    monotonicMs: io.monotonicMs,
    stage,
    above: (columns) => plan({ columns, color: canColor(io.stderr, options, io) }),
    unicode: showsUnicode(io.stderr, io),
    interrupted: io.interrupted,
  });
}
