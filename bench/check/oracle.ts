import { awsHosts } from '../../src/analysis/hosts.ts';
import { checkDefaults, errorRates } from '../../src/check/options.ts';
import { normalQuantile } from '../../src/stats/quantiles.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../../test/normalDraw.ts';

/**
 * The best that anybody could do with so many calls: a check that knows how much calls, hosts (3 %) and hours (0.8 %) scatter, looks
 * once, at the end, and takes the plain mean. Calls and environments are as many in the file (or on the other side) as now. What it
 * leaves open is left open by the data and not by a rule.
 */
export interface OracleCase {
  readonly calls: number;
  readonly withinCv: number;
  /** What two runs differ by; 0: both sides are measured together. */
  readonly runCv: number;
  readonly environments?: number;
}

/** Share of unchanged functions that the oracle can pass, and of those 10 % dearer that it calls regressed. */
export function oracle(
  of: OracleCase,
  runs: number,
  seed: number,
): { readonly passed: number; readonly found: number } {
  const random = seededRandom(seed);
  const { max } = checkDefaults.limits.cost;
  const error = Math.sqrt(
    2 * (of.runCv ** 2 + awsHosts.x86_64.betweenCv ** 2 / environmentsOf(of) + of.withinCv ** 2 / of.calls),
  );
  const [atLimit, plain] = [errorRates.atLimit, errorRates.plain].map((alpha) => -normalQuantile(alpha) * error);
  let [passed, found] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const ratio = meanOfRun(of, random) / meanOfRun(of, random);
    if (ratio + (atLimit ?? 0) < 1 + max && ratio + (plain ?? 0) < (1 + max) ** 2) passed += 1;
    if (1.1 * ratio - (atLimit ?? 0) > 1 + max && 1.1 * ratio - (plain ?? 0) > 1) found += 1;
  }
  return { passed: passed / runs, found: found / runs };
}

function environmentsOf({ environments = checkDefaults.maxEnvironments, calls }: OracleCase): number {
  return Math.min(environments, calls);
}

function meanOfRun(of: OracleCase, random: Random): number {
  const environments = environmentsOf(of);
  const hosts = Array.from({ length: environments }, () => 1 + awsHosts.x86_64.betweenCv * normalDraw(random));
  let sum = 0;
  for (let call = 0; call < of.calls; call++) {
    sum += (hosts[call % environments] ?? 1) * (1 + of.withinCv * normalDraw(random));
  }
  return (sum / of.calls) * (1 + of.runCv * normalDraw(random));
}

export function* oracleTable(runs: number, seed: number): Generator<string> {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  yield `What an oracle leaves open that knows how everything scatters and looks once (${runs} runs each, seed ${seed}; x86_64, 32 environments a side):`;
  yield '';
  yield '| | calls scatter by | calls a side | inconclusive when unchanged | +10 % found |';
  yield '|---|---:|---:|---:|---:|';
  for (const [name, runCv] of [
    ['both sides measured', 0],
    ['baseline file', 0.008],
  ] as const) {
    for (const withinCv of [0.1, 0.2]) {
      for (const calls of [50, 100, 200, 400, 600, 800]) {
        const { passed, found } = oracle({ calls, withinCv, runCv }, runs, seed);
        yield `| ${name} | ${100 * withinCv} % | ${calls} | ${percent(1 - passed)} | ${percent(found)} |`;
      }
    }
  }
  yield '';
}
