import type { RunEvent, Stage } from '../model/events.ts';
import type { LeftBehind } from '../model/platform.ts';

/** What one of several functions that are measured under one view reports to. */
export interface JoinedListener {
  onEvent(event: RunEvent): void;
  /** Nothing more comes from it, whatever became of it. */
  end(): void;
}

const order: readonly Stage[] = ['describe', 'plan', 'reference', 'measure', 'cleanUp', 'analyze', 'done'];

/**
 * Several functions under one view: dollars are those of all together and only grow, a stage is entered once, and clean-up
 * begins for the view when the last function has come to it.
 */
export function joinEvents(count: number, onEvent: (event: RunEvent) => void): readonly JoinedListener[] {
  const spentUsd = Array.from({ length: count }, () => 0);
  const stages: (Stage | undefined)[] = Array.from({ length: count }, () => undefined);
  const left: LeftBehind[] = [];
  let shown: Stage | undefined;

  function enter(index: number, stage: Stage): void {
    stages[index] = stage;
    const ranks = stages.map((one) => (one === undefined ? -1 : order.indexOf(one)));
    // Up to measuring the first one leads; what comes after it begins when the last one is there.
    const rank = Math.max(Math.min(...ranks), Math.min(Math.max(...ranks), order.indexOf('measure')));
    const next = order[rank];
    if (next === undefined || (shown !== undefined && order.indexOf(next) <= order.indexOf(shown))) return;
    shown = next;
    onEvent({ kind: 'stage', stage: next });
  }

  return stages.map((_, index) => ({
    onEvent(event) {
      switch (event.kind) {
        case 'stage':
          enter(index, event.stage);
          return;
        case 'measured':
          spentUsd[index] = Math.max(spentUsd[index] ?? 0, event.spentUsd);
          onEvent({ ...event, spentUsd: spentUsd.reduce((sum, usd) => sum + usd, 0) });
          return;
        case 'leftBehind':
          left.push(...event.items);
          onEvent({ ...event, items: [...left] });
          return;
        case 'account':
        case 'throttled':
        case 'laneEnded':
        case 'warning':
          onEvent(event);
          return;
      }
    },
    end: () => enter(index, 'done'),
  }));
}
