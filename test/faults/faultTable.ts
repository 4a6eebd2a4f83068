import type { Schedule, Verdict } from './disturbedRuns.ts';

export interface EndedRun {
  readonly schedule: Pick<Schedule, 'fault' | 'name'>;
  readonly verdict: Verdict;
}

/** One kind of fault and how the runs that met it ended. */
export interface FaultRow {
  readonly fault: string;
  readonly schedules: number;
  /** Exit code 0. */
  readonly completed: number;
  /** Exit codes 2 and 3: the cause named, nothing left. */
  readonly refused: number;
  /** Exit code 5: what is left named, removed by one clean-up. */
  readonly leftNamed: number;
  /** 129, 130, 143: nothing left. */
  readonly interrupted: number;
  /** Nothing left after one clean-up. */
  readonly killed: number;
  readonly violations: number;
}

export function rowsOf(runs: readonly EndedRun[]): readonly FaultRow[] {
  return [...new Set(runs.map(({ schedule }) => schedule.fault))].map((fault) => {
    const verdicts = runs.filter(({ schedule }) => schedule.fault === fault).map(({ verdict }) => verdict);
    const ended = (...codes: readonly (number | null)[]) => verdicts.filter(({ code }) => codes.includes(code)).length;
    return {
      fault,
      schedules: verdicts.length,
      completed: ended(0),
      refused: ended(2, 3),
      leftNamed: ended(5),
      interrupted: ended(129, 130, 143),
      killed: ended(null),
      violations: verdicts.filter(({ violations }) => violations.length > 0).length,
    };
  });
}

export function markdownOf(rows: readonly FaultRow[]): string {
  const total = (member: Exclude<keyof FaultRow, 'fault'>) => rows.reduce((sum, row) => sum + row[member], 0);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const figures = (row: Omit<FaultRow, 'fault'>) => [
    row.schedules,
    row.completed,
    row.refused,
    row.leftNamed,
    row.interrupted,
    row.killed,
    row.violations,
  ];
  return [
    line(['fault at every call', 'runs', '0', '2, 3', '5', '129, 130, 143', 'killed', 'promises broken']),
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map((row) => line([row.fault, ...figures(row)])),
    line([
      '**all**',
      ...figures({
        schedules: total('schedules'),
        completed: total('completed'),
        refused: total('refused'),
        leftNamed: total('leftNamed'),
        interrupted: total('interrupted'),
        killed: total('killed'),
        violations: total('violations'),
      }),
    ]),
  ].join('\n');
}
