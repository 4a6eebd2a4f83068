import { nextRound } from '../../src/check/gate.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import type { CheckVerdict } from '../../src/check/verdict.ts';
import { mean } from '../../src/stats/moments.ts';
import { normalCdf } from '../../src/stats/quantiles.ts';
import { call, type Draws, type Lane } from './draws.ts';

/** What a rule said of one run. Counts are of one side. */
interface Said {
  readonly verdict: CheckVerdict;
  readonly samples: number;
  readonly environments: number;
}

/** `scale` multiplies the current side's dollars. */
export type Rule = (baseline: Draws, current: Draws, scale: number) => Said;

const options: GateOptions = { ...checkDefaults, memoryMb: 128 };

/** As the command runs it: what the gate asks for is called, until it has decided. */
const tune: Rule = (baseline, current, scale) => {
  const sides: { readonly baseline: Lane; readonly current: Lane } = {
    baseline: { measurements: [], served: [] },
    current: { measurements: [], served: [] },
  };
  for (;;) {
    const round = nextRound({ baseline: sides.baseline.measurements, current: sides.current.measurements }, options);
    if (round.kind === 'decided') {
      return { verdict: round.verdict, samples: round.samples.current, environments: round.environments.current };
    }
    call(sides.baseline, round.baseline, baseline, 1);
    call(sides.current, round.current, current, scale);
  }
};

const fixedSamples = 30;
const fixedEnvironments = 4;

/** What people do: two averages, and a threshold. */
const naive: Rule = (baseline, current, scale) => {
  const ratio = (mean(fixed(current)) * scale) / mean(fixed(baseline));
  return said(ratio > 1.05);
};

/** One-sided at 5 %, normal approximation with ties (Mann and Whitney 1947). It knows no limit: any slow-down counts. */
const mannWhitney: Rule = (baseline, current, scale) => {
  const one = fixed(baseline);
  const other = fixed(current).map((cost) => cost * scale);
  const all = [...one.map((value) => ({ value, later: false })), ...other.map((value) => ({ value, later: true }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (all[to]?.value === all[from]?.value && to < all.length) to += 1;
    const later = all.slice(from, to).filter((item) => item.later).length;
    rankSum += (later * (from + 1 + to)) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const [n, m, total] = [one.length, other.length, all.length];
  const excess = rankSum - (m * (m + 1)) / 2 - (n * m) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return said(variance > 0 && normalCdf((excess - 0.5) / Math.sqrt(variance)) > 0.95);
};

export const rules = {
  tune,
  'naive mean > +5 %': naive,
  'Mann-Whitney 5 %': mannWhitney,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

export const ruleNames = Object.keys(rules) as RuleName[];

function fixed({ costs, factors }: Draws): number[] {
  return costs.slice(0, fixedSamples).map((cost, index) => cost * (factors[index % fixedEnvironments] ?? 1));
}

function said(regressed: boolean): Said {
  const verdict = regressed ? 'regressed' : 'passed';
  return { verdict, samples: fixedSamples, environments: fixedEnvironments };
}
