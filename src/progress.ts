import { createLogUpdate } from 'log-update';
import type { Configuration } from './domain/model.ts';
import type { RunEvent, Stage } from './events.ts';
import type { TextOutput } from './io.ts';
import { escapeTerminal } from './reporters/escape.ts';

/** Shows a run while it works, on stderr. Listens to events; decides nothing. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** How many invocations the plan holds, and what they may cost; known once the plan is made. */
  planned(total: number, capUsd: number | undefined): void;
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
}

interface LaneState {
  readonly configuration: Configuration;
  done: number;
  succeeded: number;
  sumMs: number;
  ended?: string;
}

/** All that the view shows. */
interface ProgressState {
  stage: Stage;
  readonly startedMs: number;
  measuringSinceMs?: number;
  planned: number;
  capUsd?: number;
  done: number;
  spentUsd: number;
  throttles: number;
  inFlightLimit?: number;
  shadows: number;
  removed: number;
  readonly lanes: Map<string, LaneState>;
}

const stageWords = {
  describe: 'Reading the function',
  plan: 'Planning',
  reference: 'Trying a copy at the reference size',
  measure: 'Measuring',
  cleanUp: 'Removing the copies',
  analyze: 'Analysing',
  done: 'Done',
} as const satisfies Record<Stage, string>;

const frameMs = 120;
const lineEveryMs = 10_000;
const mostLanesShown = 24;

export function createProgress({ output, mode, monotonicMs, stage }: ProgressOptions): Progress {
  if (mode === 'silent') return { onEvent: () => undefined, planned: () => undefined, stop: () => undefined };
  const state: ProgressState = {
    stage,
    startedMs: monotonicMs(),
    planned: 0,
    done: 0,
    spentUsd: 0,
    throttles: 0,
    shadows: 0,
    removed: 0,
    lanes: new Map(),
  };
  const view = mode === 'live' ? liveView(output, state, monotonicMs) : lineView(output, state, monotonicMs);
  view.stageBegan();
  return {
    planned(total, capUsd) {
      state.planned = total;
      if (capUsd !== undefined) state.capUsd = capUsd;
    },
    onEvent(event) {
      const before = state.stage;
      reduce(state, event, monotonicMs());
      if (event.kind === 'laneEnded') view.say(`${label(event.configuration)}: ${escapeTerminal(event.reason)}`);
      if (event.kind === 'warning') view.say(escapeTerminal(event.warning.text));
      if (state.stage !== before) view.stageBegan();
      else view.changed();
    },
    stop: view.stop,
  };
}

function reduce(state: ProgressState, event: RunEvent, nowMs: number): void {
  switch (event.kind) {
    case 'stage':
      state.stage = event.stage;
      if (event.stage === 'measure') state.measuringSinceMs = nowMs;
      return;
    case 'account':
      if (event.action === 'created') state.shadows += 1;
      if (event.action === 'removed') state.removed += 1;
      return;
    case 'measured': {
      state.done += 1;
      state.spentUsd = event.spentUsd;
      const lane = laneOf(state, event.configuration);
      lane.done += 1;
      if (event.measurement.outcome === 'succeeded' && event.measurement.start === 'warm') {
        lane.succeeded += 1;
        lane.sumMs += event.measurement.durationMs;
      }
      return;
    }
    case 'throttled':
      state.throttles += 1;
      state.inFlightLimit = event.inFlightLimit;
      return;
    case 'laneEnded':
      laneOf(state, event.configuration).ended = event.reason;
      return;
    case 'warning':
    case 'leftBehind':
      return;
  }
}

function laneOf(state: ProgressState, configuration: Configuration): LaneState {
  const key = label(configuration);
  const existing = state.lanes.get(key);
  if (existing) return existing;
  const lane = { configuration, done: 0, succeeded: 0, sumMs: 0 };
  state.lanes.set(key, lane);
  return lane;
}

interface View {
  stageBegan(): void;
  changed(): void;
  say(text: string): void;
  stop(): void;
}

function liveView(output: TextOutput, state: ProgressState, monotonicMs: () => number): View {
  const screen = createLogUpdate(output.stream);
  const draw = () => screen(renderFrame(state, monotonicMs(), output.columns));
  // Ages the elapsed time and ETA even while nothing else happens; never keeps the process alive.
  const timer = setInterval(draw, frameMs);
  timer.unref();
  return {
    stageBegan: draw,
    changed: () => undefined,
    say: (text) => screen.persist(`  ${text}`),
    stop() {
      clearInterval(timer);
      screen.clear();
      screen.done();
    },
  };
}

function lineView(output: TextOutput, state: ProgressState, monotonicMs: () => number): View {
  let lastMs = monotonicMs();
  const print = () => {
    lastMs = monotonicMs();
    output.write(`tune: ${statusLine(state, lastMs)}\n`);
  };
  return {
    stageBegan: print,
    changed: () => {
      if (monotonicMs() - lastMs >= lineEveryMs) print();
    },
    say: (text) => output.write(`tune: ${text}\n`),
    stop: () => undefined,
  };
}

/** The whole live view as text, without cursor codes. */
function renderFrame(state: ProgressState, nowMs: number, columns: number): string {
  const lanes = [...state.lanes.values()]
    .sort((a, b) => compareConfigurations(a.configuration, b.configuration))
    .slice(0, mostLanesShown);
  const lines = lanes.map((lane) => {
    const mean = lane.succeeded > 0 ? `mean ${(lane.sumMs / lane.succeeded).toFixed(1)} ms` : '';
    return `  ${label(lane.configuration).padEnd(16)} ${String(lane.done).padStart(5)} calls  ${lane.ended ? 'ended' : mean}`;
  });
  return [statusLine(state, nowMs), ...lines].map((line) => line.slice(0, Math.max(20, columns - 1))).join('\n');
}

function statusLine(state: ProgressState, nowMs: number): string {
  const parts: string[] = [stageWords[state.stage]];
  if (state.planned > 0) parts.push(`${state.done}/${state.planned} calls`);
  if (state.done > 0) {
    parts.push(`$${state.spentUsd.toFixed(5)}${state.capUsd === undefined ? '' : ` of at most $${state.capUsd}`}`);
  }
  if (state.stage === 'cleanUp' && state.shadows > 0) parts.push(`${state.removed}/${state.shadows} removed`);
  if (state.throttles > 0) parts.push(`throttled ${state.throttles}×, ${state.inFlightLimit ?? '?'} in flight`);
  parts.push(`${seconds(nowMs - state.startedMs)} elapsed`);
  const etaMs = remainingMs(state, nowMs);
  if (etaMs !== undefined) parts.push(`about ${seconds(etaMs)} left`);
  return parts.join(' · ');
}

/** From the pace since measuring began: a mean over the whole stage does not jump. */
function remainingMs(state: ProgressState, nowMs: number): number | undefined {
  if (state.stage !== 'measure' || state.measuringSinceMs === undefined || state.done < 3) return undefined;
  const perCallMs = (nowMs - state.measuringSinceMs) / state.done;
  return perCallMs * Math.max(0, state.planned - state.done);
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function label({ architecture, memoryMb }: Configuration): string {
  return `${architecture} ${memoryMb} MB`;
}

function compareConfigurations(a: Configuration, b: Configuration): number {
  return a.architecture === b.architecture ? a.memoryMb - b.memoryMb : a.architecture < b.architecture ? -1 : 1;
}
