import { type Compared, compare } from '../analysis/compared.ts';
import { asAnswers } from '../analysis/expectedErrors.ts';
import { successesOf } from '../analysis/rows.ts';
import type { Undecided } from '../model/run.ts';
import { hostsDiffer, sameHost } from '../stats/spread.ts';

/** Of runs from before it was recorded. */
const formerTolerance = 0.03;

/** Within which two figures of this run count as equal. */
export function toleranceOf({ options }: Pick<Undecided, 'options'>): number {
  return options.tolerance ?? formerTolerance;
}

/** A report asks for it many times over, and a run that was made is not changed. */
const known = new WeakMap<Undecided, Compared>();

/** The same candidates that the analysis had, from what is saved. */
export function comparedRun(run: Undecided): Compared {
  const compared = known.get(run) ?? comparedAnew(run);
  known.set(run, compared);
  return compared;
}

function comparedAnew(run: Undecided): Compared {
  const allowed = run.options.allowErrors ?? [];
  return compare(
    run.configurations.map((row) => ({
      configuration: row,
      calls: successesOf({ configuration: row, measurements: asAnswers(row.measurements, allowed) }),
      status: row.status,
      latency: row.latency,
    })),
    {
      payloads: run.options.payloads.map(({ name, weight }) => ({ name, weight })),
      coldShare: run.options.coldShare,
      tolerance: toleranceOf(run),
      prior: run.emulation === undefined ? hostsDiffer : sameHost,
    },
  );
}
