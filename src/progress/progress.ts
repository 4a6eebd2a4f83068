import type { Interruption, TextOutput } from '../base/io.ts';
import { unreferencedTimer } from '../host/ancestors.ts';
import type { RunEvent, Stage } from '../model/engine/events.ts';
import { escapeTerminal } from '../text/escape.ts';
import { toAscii } from '../text/terminalStyle.ts';
import { textWidth } from '../text/wrapText.ts';
import { cleanUpSentence, laneLabel, renderFrame, shownStage, statusLine } from './frame.ts';
import { createScreen } from './screen.ts';
import { type Expectation, openState, type ProgressState, reduce, tick } from './state.ts';

/** Shows a run while it works, on stderr. Listens to events; decides nothing. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** What the run is expected to take, once its plan is made. */
  planned(expectation: Expectation): void;
  /** Leaves a clean screen: nothing moves after it. */
  stop(): void;
}

export interface ProgressOptions {
  readonly output: TextOutput;
  /** `live` redraws on a terminal, `lines` prints one line at each stage and at most one each ten seconds, `silent` nothing. */
  readonly mode: 'live' | 'lines' | 'silent';
  readonly monotonicMs: () => number;
  /** What is going on when the view appears. */
  readonly stage: Stage;
  /** false: ASCII only. Default true. */
  readonly unicode?: boolean;
  /** What stands above the live view, for a terminal of so many columns: the plan. */
  readonly above?: (columns: number) => string;
  /** The first Ctrl-C is answered at once, for cleaning up takes a while. */
  readonly interrupted?: AbortSignal;
  /** Calls `tick` again and again until the answer is called; never keeps the process alive. */
  readonly repeat?: (tick: () => void, everyMs: number) => () => void;
}

const frameMs = 120;
const lineEveryMs = 10_000;
/** A window that is being dragged changes many times; multiplexers tell of a change up to a quarter of a second late. */
const settledMs = 300;

interface View {
  /** A new stage has begun. */
  stageBegan(): void;
  changed(): void;
  /** A sentence that stays. */
  say(text: string): void;
  stop(): void;
}

export function createProgress(options: ProgressOptions): Progress {
  if (options.mode === 'silent') return { onEvent: () => undefined, planned: () => undefined, stop: () => undefined };
  const { monotonicMs, interrupted } = options;
  let state = openState(options.stage, monotonicMs());
  const look = () => {
    state = tick(state, monotonicMs());
    return state;
  };
  const view = options.mode === 'live' ? liveView(options, look) : lineView(options, look);
  const onInterrupt = () => {
    state = { ...state, isStopping: true };
    view.say(interruptedText(interrupted?.reason, state.stage));
  };
  interrupted?.addEventListener('abort', onInterrupt, { once: true });
  view.stageBegan();
  return {
    planned(expectation) {
      state = { ...state, expectation };
    },
    onEvent(event) {
      const before = state;
      state = reduce(state, event, monotonicMs());
      if (event.kind === 'laneEnded') view.say(`${laneLabel(event)}: ${escapeTerminal(event.reason)}`);
      if (event.kind === 'warning') view.say(escapeTerminal(event.warning.text));
      if (before.stage === 'cleanUp' && state.stage !== 'cleanUp') {
        const sentence = cleanUpSentence(state);
        if (sentence !== undefined) view.say(sentence);
      }
      if (shownStage(state) !== shownStage(before)) view.stageBegan();
      else view.changed();
    },
    stop() {
      interrupted?.removeEventListener('abort', onInterrupt);
      view.stop();
    },
  };
}

function interruptedText(reason: Interruption | undefined, stage: Stage): string {
  const cause = escapeTerminal(reason?.cause ?? 'Interrupted');
  return stage === 'describe'
    ? `${cause}: stopping.`
    : `${cause}: stopping, and removing what was made. A second Ctrl-C leaves it there.`;
}

function liveView(
  { output, monotonicMs, unicode, above = () => '', repeat = unreferencedTimer }: ProgressOptions,
  look: () => ProgressState,
): View {
  const screen = createScreen(above(output.columns), textWidth);
  const spelled = (text: string) => (unicode === false ? toAscii(text) : text);
  const said: string[] = [];
  let isOpen = true;
  let lastColumns = output.columns;
  /** Since when the terminal has the width that broke what was drawn. */
  let brokenSinceMs: number | undefined;
  const rowsNow = () => output.stream?.rows ?? 24;
  const frame = () => renderFrame(look(), monotonicMs(), { columns: output.columns, rows: rowsNow() }).map(spelled);

  function noticeWidth(): void {
    const { columns } = output;
    if (columns === lastColumns) return;
    lastColumns = columns;
    if (brokenSinceMs !== undefined || screen.breaksAt(columns)) brokenSinceMs = monotonicMs();
  }

  function show(lines: () => readonly string[], isLast: boolean): void {
    noticeWidth();
    if (brokenSinceMs === undefined) {
      output.write(screen.draw(lines()));
    } else if (isLast || monotonicMs() - brokenSinceMs >= settledMs) {
      brokenSinceMs = undefined;
      output.write(screen.repaint(`${above(output.columns)}${said.join('')}`, lines(), rowsNow()));
    }
  }

  const draw = () => {
    if (isOpen) show(frame, false);
  };
  // Ages the elapsed time and what is left even while nothing else happens.
  const stopTimer = repeat(draw, frameMs);
  output.stream?.on('resize', draw);
  return {
    stageBegan: draw,
    changed: () => undefined,
    say(text) {
      if (!isOpen) return;
      const line = `  ${spelled(text)}`;
      said.push(`${line}\n`);
      noticeWidth();
      // On a broken screen it is written with all the rest.
      if (brokenSinceMs === undefined) output.write(screen.keep(line));
      draw();
    },
    stop() {
      if (!isOpen) return;
      isOpen = false;
      stopTimer();
      output.stream?.off('resize', draw);
      show(() => [], true);
    },
  };
}

function lineView(
  { output, monotonicMs, repeat = unreferencedTimer }: ProgressOptions,
  look: () => ProgressState,
): View {
  let lastMs = monotonicMs();
  const print = () => {
    lastMs = monotonicMs();
    output.write(`tune: ${statusLine(look(), lastMs)}\n`);
  };
  const printIfDue = () => {
    if (monotonicMs() - lastMs >= lineEveryMs) print();
  };
  // A log that stands still for minutes looks like a job that hangs.
  const stopTimer = repeat(printIfDue, lineEveryMs);
  return {
    stageBegan: print,
    changed: printIfDue,
    say: (text) => output.write(`tune: ${text}\n`),
    stop: stopTimer,
  };
}
