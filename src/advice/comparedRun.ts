import { type Compared, compare } from '../analysis/compared.ts';
import { hostPriorsOf } from '../analysis/hosts.ts';
import { judgedCallsOf } from '../analysis/rows.ts';
import type { Undecided } from '../model/run.ts';
import { mixtureOf, payloadsOf } from '../traffic/mixtures.ts';

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
    run.configurations.map((row) => {
      const calls = judgedCallsOf(row, allowed);
      const mixture = mixtureOf(run, row, { calls });
      return { configuration: row, calls, status: row.status, latency: row.latency, mixture };
    }),
    {
      payloads: payloadsOf(run),
      coldShare: run.options.coldShare,
      atTraffic: run.comparedBy?.traffic,
      tolerance: toleranceOf(run),
      priors: hostPriorsOf(run.emulation),
      isRaced: run.search !== undefined,
    },
  );
}
