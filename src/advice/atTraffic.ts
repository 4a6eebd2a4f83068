import { balancedOf, cheapestOf, fastestOf } from '../analysis/choices.ts';
import { judgedCallsOf } from '../analysis/rows.ts';
import { choicesBeside } from '../analysis/savedRun/besideAnswer.ts';
import { currentConfiguration } from '../analysis/savedRun/marks.ts';
import { costInterval, payloadShares } from '../analysis/summarize.ts';
import { type Configuration, findMadeOf, plain, sameConfiguration } from '../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import type { Monthly, TrafficRecord } from '../model/traffic.ts';
import { infrequentAccessLogsUsd, logPriceRegion, logsUsd } from '../pricing/monthlyPrices.ts';
import { arrivalsOf } from '../traffic/arrivals.ts';
import { lambdaLogBytes } from '../traffic/logSizes.ts';
import { runtimeOf } from '../traffic/mixtures.ts';
import { payloadWeightsFor } from '../traffic/payloadWeights.ts';
import { provisionFor } from '../traffic/provision.ts';
import { assumedIdleLifeS, otherIdleLifeS, type TrafficQuestion } from '../traffic/question.ts';
import { logGb, type MeasuredConfiguration, monthAt, type Situation } from '../traffic/situation.ts';
import { trafficWarnings } from '../traffic/trafficWarnings.ts';
import { decide } from './answer.ts';
import { comparedRun } from './comparedRun.ts';

/** The same arrivals, and the same draws, whenever the same is asked. */
const seed = 25;

/**
 * A run with its bills at some traffic, and with the answer and the choices made there: what is compared is the monthly bill and
 * what callers wait for. The traffic that a saved run had before is replaced. As it was where nothing can be replayed.
 */
export function atTraffic(saved: TuningResult, question: TrafficQuestion): TuningResult {
  const run = withoutTraffic(saved);
  if (run.ended === 'dryRun') return run;
  const allowed = run.options.allowErrors ?? [];
  const measured = run.configurations
    .filter(({ status }) => status === 'measured')
    .map((row): MeasuredConfiguration => {
      const calls = judgedCallsOf(row, allowed);
      return { configuration: plain(row), calls, runtime: runtimeOf(run, row) };
    });
  const payloadWeights = weightsOf(run, measured, question);
  const idleLifeS = question.idleLifeS ?? assumedIdleLifeS;
  const arrivals = arrivalsOf(question.traffic, Math.max(idleLifeS, otherIdleLifeS), seed);
  const logBytes = logBytesOf(question);
  const situation: Situation = {
    arrivals,
    payloads:
      payloadWeights?.weights.filter(({ share }) => share > 0).map(({ name, share }) => ({ name, weight: share })) ??
      payloadShares(run.options.payloads),
    costModel: run.costModel,
    ephemeralStorageMb: run.target.ephemeralStorageMb ?? 512,
    discount: question.discount ?? 0,
    logBytes,
  };
  const months = measured.flatMap((one) => {
    const found = monthAt(one, situation, idleLifeS);
    if (found === undefined) return [];
    const at15Min = question.idleLifeS === undefined ? monthAt(one, situation, otherIdleLifeS)?.monthly : undefined;
    return [{ ...one, ...found, at15Min }];
  });
  const missing = measured.filter(({ configuration }) => findMadeOf(months, configuration) === undefined);
  if (months.length === 0) {
    return { ...run, warnings: [...run.warnings, ...trafficWarnings([], missing, [], situation, run.target)] };
  }
  const record = recordedTraffic(question, situation, { payloadWeights, perCall: run.answer });
  const billed = withBills({
    ...run,
    traffic: record,
    comparedBy: { ...(run.comparedBy ?? { start: 'warm' }), traffic: true },
    configurations: run.configurations.map((row) => {
      const found = findMadeOf(months, row);
      return found === undefined ? row : { ...row, monthly: found.monthly, monthlyAt15Min: found.at15Min };
    }),
  });
  const decided = decidedAnew(billed);
  const watched = watchedOf(decided).flatMap((configuration) => findMadeOf(months, configuration) ?? []);
  const [first] = watched;
  const provisioned = watched.flatMap((one) => provisionFor(one, situation, idleLifeS, one) ?? []);
  return {
    ...decided,
    traffic: {
      ...record,
      logs: { ...record.logs, ...(first && logChoices(first.monthly, record.logs)) },
      provisioned,
    },
    warnings: [
      ...decided.warnings,
      ...trafficWarnings(
        months.map((one) => ({ measured: one, ...one })),
        missing,
        watched.map((one) => ({ measured: one, ...one })),
        situation,
        run.target,
      ),
    ],
  };
}

/** What the run keeps of the traffic; what each provisioned environment and log class would cost is known later. */
function recordedTraffic(
  question: TrafficQuestion,
  { arrivals, logBytes }: Pick<Situation, 'arrivals' | 'logBytes'>,
  ofRun: Pick<TrafficRecord, 'payloadWeights' | 'perCall'>,
): TrafficRecord {
  return {
    given: question.given,
    kind: question.kind,
    requestsPerMonth: arrivals.requestsPerMonth,
    replay: {
      arrivals: arrivals.counted,
      seconds: arrivals.seconds,
      warmUpSeconds: arrivals.warmUpSeconds,
      seed: arrivals.seed,
    },
    idleLifeS: question.idleLifeS ?? assumedIdleLifeS,
    idleLifeFrom: question.idleLifeS === undefined ? 'assumed' : 'observation',
    discount: question.discount,
    logs: {
      from: question.logBytesPerCall === undefined ? 'assumed' : 'observation',
      bytes: logBytes,
      priceRegion: logPriceRegion,
      infrequentAccessUsd: 0,
    },
    ...ofRun,
    provisioned: [],
  };
}

/** What is answered, and what there is today. */
function watchedOf(run: TuningResult): readonly Configuration[] {
  const current = currentConfiguration(run);
  const all = [run.answer.configuration, current].filter((one) => one !== undefined);
  return all.filter((one, index) => all.findIndex((other) => sameConfiguration(one, other)) === index);
}

/** As it was before any traffic. */
function withoutTraffic(run: TuningResult): TuningResult {
  if (run.traffic === undefined) return run;
  const { traffic, ...rest } = run;
  const { traffic: _at, ...comparedBy } = run.comparedBy ?? { start: 'warm' as const };
  const before = {
    ...rest,
    comparedBy,
    configurations: run.configurations.map(({ monthly: _month, monthlyAt15Min: _other, ...row }) => row),
    warnings: run.warnings.filter(({ code }) => !code.startsWith('traffic')),
  };
  const answer = traffic.perCall;
  return { ...before, ...choicesBeside(answer, choicesIn(before)), variants: decide(before).variants, answer };
}

/** A verdict of a migration stays the only answer there. */
function decidedAnew(run: TuningResult): TuningResult {
  const isPart = run.answer.kind === 'unanswered' && run.answer.because === 'partOfMigration';
  if (isPart) return run;
  const decided = decide(run);
  return { ...run, ...decided, ...choicesBeside(decided.answer, choicesIn(run)) };
}

/** What a race was not asked for stays unsaid. */
function choicesIn(run: TuningResult): Pick<TuningResult, 'cheapest' | 'fastest' | 'balanced'> {
  const { candidates, judgement } = comparedRun(run);
  return {
    cheapest: run.cheapest && cheapestOf(candidates, judgement),
    fastest: run.fastest && fastestOf(candidates, judgement),
    balanced: run.balanced && balancedOf(candidates, judgement),
  };
}

/** Each bill's cost of a call with its interval, of the samples that configurations are compared by. */
function withBills(run: TuningResult): TuningResult {
  const { measured, judgement } = comparedRun(run);
  const intervalOf = (row: ConfigurationResult, monthly: Monthly): Monthly => {
    const candidate = findMadeOf(measured, row);
    if (candidate === undefined) return monthly;
    const { costs, durationMs } = candidate.asMeasured ?? candidate;
    return { ...monthly, callUsd: costInterval(costs, judgement.costs.hosts[row.architecture]), callMs: durationMs };
  };
  return {
    ...run,
    configurations: run.configurations.map((row) =>
      row.monthly === undefined ? row : { ...row, monthly: intervalOf(row, row.monthly) },
    ),
  };
}

function weightsOf(
  run: TuningResult,
  measured: readonly MeasuredConfiguration[],
  { durationQuantilesMs }: TrafficQuestion,
): TrafficRecord['payloadWeights'] {
  const current = currentConfiguration(run);
  const own = current && findMadeOf(measured, current);
  if (durationQuantilesMs === undefined || own === undefined) return undefined;
  return payloadWeightsFor(
    own.calls.warm,
    run.options.payloads.map(({ name }) => name),
    durationQuantilesMs,
  );
}

function logBytesOf({ logBytesPerCall }: TrafficQuestion): TrafficRecord['logs']['bytes'] {
  return logBytesPerCall === undefined ? lambdaLogBytes.text : { warm: logBytesPerCall, cold: logBytesPerCall };
}

/** What the same calls' logs would cost otherwise. */
function logChoices({ requests, coldShare }: Monthly, { from, bytes }: TrafficRecord['logs']) {
  const gb = logGb(requests, coldShare.estimate, bytes);
  const infrequentAccessUsd = infrequentAccessLogsUsd(gb);
  if (from === 'observation') return { infrequentAccessUsd };
  const jsonUsd = logsUsd(logGb(requests, coldShare.estimate, lambdaLogBytes.json));
  return { infrequentAccessUsd, jsonUsd, withoutSystemUsd: 0 };
}
