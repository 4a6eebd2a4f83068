import { type Configuration, compareConfigurations, labelOf } from '../model/configuration.ts';
import type { Stage } from '../model/engine/events.ts';
import { escapeTerminal } from '../text/escape.ts';
import { formatCount, formatDuration, formatNumberOf, formatUsd } from '../text/format.ts';
import { cutToWidth, textWidth } from '../text/wrapText.ts';
import { etaText } from './eta.ts';
import { callsPlanned, type LaneProgress, type ProgressState } from './state.ts';

/** What is going on, in words. `deploy`: nothing can be called yet. */
const stageWords = {
  describe: 'Reading the function',
  plan: 'Planning',
  deploy: 'Creating the first copy',
  reference: 'Trying a copy at the reference size',
  measure: 'Measuring',
  cleanUp: 'Removing the copies',
  analyze: 'Analysing',
  done: 'Done',
} as const satisfies Record<ShownStage, string>;

/** Longer lines would be broken by every terminal that is made narrower, and some tell of it too late to be drawn over. */
const widest = 78;

export type ShownStage = Stage | 'deploy';

export function shownStage({ stage, copies }: ProgressState): ShownStage {
  return stage === 'reference' && copies.ready.size === 0 ? 'deploy' : stage;
}

/** The whole live view as lines that fit, without any control code: what is going on, and how each configuration does. */
export function renderFrame(
  state: ProgressState,
  nowMs: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  // The last column stays free: some terminals wrap when it is written.
  const width = Math.max(1, Math.min(widest, columns - 1));
  const status = flow(statusParts(state, nowMs), width);
  const room = Math.max(0, rows - 1 - status.length);
  return [...status, ...laneLines(state, room)].slice(0, Math.max(1, rows - 1)).map((line) => clip(line, width));
}

/** One line for a log. */
export function statusLine(state: ProgressState, nowMs: number): string {
  return statusParts(state, nowMs).join(' · ');
}

/** After the clean-up: people must see that their account is clean. Undefined: nothing was made, nothing is to be said. */
export function cleanUpSentence({ copies, leftBehind }: ProgressState): string | undefined {
  const { made, removed } = copies;
  if (made.size === 0 && leftBehind === 0) return undefined;
  const counts = `${removed.size} of ${formatNumberOf(made.size, 'copy', 'copies')} removed`;
  return leftBehind === 0
    ? `${counts}; nothing is left behind.`
    : `${counts}; ${formatNumberOf(leftBehind, 'thing')} could not be removed, see below.`;
}

/** Which configuration, of which function where several are measured side by side. */
export function laneLabel({
  configuration,
  functionName,
}: {
  readonly configuration: Configuration;
  readonly functionName?: string | undefined;
}): string {
  const size = labelOf(configuration);
  return functionName === undefined ? size : `${escapeTerminal(functionName, 30)} ${size}`;
}

function statusParts(state: ProgressState, nowMs: number): readonly string[] {
  const { made, ready, removed } = state.copies;
  const shown = shownStage(state);
  const eta = state.stage === 'measure' && state.eta && !state.isStopping ? etaText(state.eta, nowMs) : undefined;
  const parts: (string | undefined)[] = [
    stageWords[shown],
    callsText(state),
    state.done > 0 ? spentText(state) : undefined,
    state.stage === 'measure' && ready.size < made.size
      ? `${ready.size}/${formatNumberOf(made.size, 'copy', 'copies')} ready`
      : undefined,
    state.stage === 'cleanUp' && made.size > 0 ? `${removed.size}/${made.size} removed` : undefined,
    state.throttles > 0 ? `throttled ${state.throttles}×, ${state.inFlightLimit ?? '?'} in flight` : undefined,
    `${elapsedText(nowMs - state.startedMs)} elapsed`,
    eta,
  ];
  return parts.filter((part) => part !== undefined);
}

function callsText(state: ProgressState): string | undefined {
  const planned = callsPlanned(state);
  if (planned === undefined || state.stage === 'reference') return undefined;
  // Sizes that were not steady yet are called on.
  if (state.done > planned) return formatNumberOf(state.done, 'call');
  if (state.expectation?.isFixed !== false) return `${formatCount(state.done)}/${formatNumberOf(planned, 'call')}`;
  const usual = state.done < planned ? ` (usually at most ${formatCount(planned)})` : '';
  return `${formatNumberOf(state.done, 'call')}${usual}`;
}

function spentText({ spentUsd, expectation }: ProgressState): string {
  const { estimateUsd, capUsd } = expectation ?? {};
  const estimate = estimateUsd === undefined ? '' : ` of about ${formatUsd(estimateUsd)}`;
  return `${formatUsd(spentUsd)}${estimate}${capUsd === undefined ? '' : `, at most ${formatUsd(capUsd)}`}`;
}

function laneLines(state: ProgressState, room: number): readonly string[] {
  const lanes = [...state.lanes.values()].sort(compareLanes);
  const shown = lanes.length <= room ? lanes : lanes.slice(0, Math.max(0, room - 1));
  const labels = shown.map(laneLabel);
  const widest = Math.max(0, ...labels.map(textWidth));
  const each = state.expectation?.callsEach;
  const lines = shown.map((lane, index) => {
    const label = labels[index] ?? '';
    const of = each === undefined || lane.hasEnded || lane.done > each ? '' : `/${each}`;
    const calls = `${lane.done}${of}`.padStart(each === undefined ? 4 : 1 + 2 * String(each).length);
    return `  ${label}${' '.repeat(widest - textWidth(label))}  ${calls} ${each === 1 || (each === undefined && lane.done === 1) ? 'call ' : 'calls'}  ${meanText(lane)}`;
  });
  const hidden = lanes.length - shown.length;
  return hidden === 0 || room === 0 ? lines : [...lines, `  and ${hidden} more`];
}

function meanText({ hasEnded, succeeded, sumMs }: LaneProgress): string {
  if (hasEnded) return 'stopped';
  return succeeded > 0 ? `mean ${formatDuration(sumMs / succeeded)}` : '';
}

function compareLanes(a: LaneProgress, b: LaneProgress): number {
  const [one = '', other = ''] = [a.functionName, b.functionName];
  if (one !== other) return one < other ? -1 : 1;
  return compareConfigurations(a.configuration, b.configuration);
}

/** Parts in as few lines as fit, never broken inside. */
function flow(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last} · ${part}`;
    if (last !== undefined && textWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines;
}

function clip(line: string, width: number): string {
  return cutToWidth(line, width)[0] ?? '';
}

function elapsedText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
