import { daysPerMonth } from '../model/amounts.ts';
import { plain } from '../model/configuration.ts';
import type { Monthly, ProvisionedAdvice, ProvisionedPlan } from '../model/traffic.ts';
import { breakEvenUse, durationTiers, provisionedPrices } from '../pricing/monthlyPrices.ts';
import { billOf } from './bill.ts';
import { latencyOf } from './latency.ts';
import { monthOf } from './monthOf.ts';
import { cheapestSchedule, computeUsd, constantCurve, leastAt, type ProvisioningChoice } from './optimum.ts';
import { orderedUse, stepOf, stepSeconds, stepsPerDay } from './orderedUse.ts';
import { type CallTimes, replay } from './replay.ts';
import { type MeasuredConfiguration, pricesFor, type Situation } from './situation.ts';

/** As many changes a day as somebody keeps in mind. */
const mostChanges = 6;
/** Calls that are to find an environment ready where latency is paid for. */
const wantedShare = 0.99;
/** Of the bill. */
const worthAChange = 0.002;
const shownOfCurve = 60;

/** Undefined where the price is not known. `onDemand` is the month without any. */
export function provisionFor(
  measured: MeasuredConfiguration,
  situation: Situation,
  idleLifeS: number,
  { monthly, times }: { readonly monthly: Monthly; readonly times: CallTimes },
): ProvisionedAdvice | undefined {
  const { configuration, calls } = measured;
  const { arrivals, costModel, payloads } = situation;
  const { architecture, memoryMb } = configuration;
  const provisioned = provisionedPrices(costModel, architecture);
  const month = monthOf(configuration, calls, payloads, {
    requests: monthly.requests,
    coldShare: monthly.coldShare.estimate,
  });
  if (provisioned === undefined || month === undefined) return undefined;
  const gb = memoryMb / 1024;
  const coldFactor = 1 + (monthly.coldShare.estimate * month.cold.initMs) / Math.max(1, month.warm.billedMs);
  const use = scaled(orderedUse(arrivals, times.warm), arrivals);
  const choice: ProvisioningChoice = { use, gb, costModel, architecture, provisioned, coldFactor };
  const curve = constantCurve(choice);
  const planned = (schedule: readonly number[]) => planOf(measured, situation, idleLifeS, times, schedule);
  const none: ProvisionedPlan = {
    environments: 0,
    usd: monthly.usd,
    spillShare: 1,
    coldShare: monthly.coldShare.estimate,
    latencyMs: monthly.latencyMs,
  };
  const count = leastAt(curve.slice(1)) + 1;
  const constant = curve.length > 1 ? planned([count]) : undefined;
  const schedule = use.steps > 1 ? plainestSchedule(choice) : [];
  const isVaried = new Set(schedule).size > 1;
  const scheduled = isVaried ? planned(schedule) : undefined;
  const enough = enoughFor(use.callShare);
  const plans = { none, constant, scheduled };
  const best = (['none', 'constant', 'scheduled'] as const).reduce((least, name) =>
    (plans[name]?.usd.total ?? Number.POSITIVE_INFINITY) < (plans[least]?.usd.total ?? 0) ? name : least,
  );
  const onDemandGbSeconds = (monthly.requests * month.warm.billedMs * gb) / 1000;
  const tier = durationTiers(costModel, architecture).findLast(({ from }) => from <= onDemandGbSeconds);
  return {
    configuration: plain(configuration),
    breakEvenUse: breakEvenUse(tier?.usd ?? costModel.gbSecondUsd[architecture], provisioned) ?? null,
    none,
    constant,
    scheduled: scheduled && scheduled.usd.total < (constant?.usd.total ?? 0) ? scheduled : undefined,
    latency: enough === undefined || enough === constant?.environments ? undefined : planned([enough]),
    cheapest: best,
    curve: curve
      .slice(0, shownOfCurve)
      .map((usd, environments) => ({ environments, usd: usd * (1 - situation.discount) })),
  };
}

/** With as few changes as cost hardly more than the cheapest: what one replayed day gains by a further one may be chance. */
function plainestSchedule(choice: ProvisioningChoice): readonly number[] {
  const usd = (schedule: readonly number[]) => computeUsd(choice, (step) => schedule[step] ?? 0);
  const best = cheapestSchedule(choice, mostChanges);
  const enough = usd(best) * (1 + worthAChange);
  for (let stretches = 1; stretches < mostChanges; stretches++) {
    const schedule = cheapestSchedule(choice, stretches);
    if (usd(schedule) <= enough) return schedule;
  }
  return best;
}

/** A replay of a list or of rounded counts holds a little more or less than the month that it stands for: seconds are of the month. */
function scaled(use: ReturnType<typeof orderedUse>, { counted, seconds, requestsPerMonth }: Situation['arrivals']) {
  const perSecond = counted / Math.max(1e-9, seconds);
  const wanted = requestsPerMonth / (daysPerMonth * 86_400);
  const factor = perSecond > 0 ? wanted / perSecond : 1;
  return { ...use, billedS: use.billedS.map((steps) => steps.map((billed) => billed * factor)) };
}

function enoughFor(callShare: readonly number[]): number | undefined {
  let reached = 0;
  for (const [place, share] of callShare.entries()) {
    reached += share;
    if (reached >= wantedShare - 1e-9) return place + 1;
  }
  return undefined;
}

/** The month with a number of environments by step of the day; one number stands for the whole day. */
function planOf(
  measured: MeasuredConfiguration,
  situation: Situation,
  idleLifeS: number,
  times: CallTimes,
  schedule: readonly number[],
): ProvisionedPlan {
  const { configuration, calls } = measured;
  const { arrivals, payloads } = situation;
  const stepAt = stepOf(arrivals, schedule.length);
  const replayed = replay(arrivals, times, { idleLifeS, provisionedAt: (atS) => schedule[stepAt(atS)] ?? 0 });
  const coldShare = replayed.coldCalls / Math.max(1, replayed.calls);
  const share = replayed.provisionedCalls / Math.max(1, replayed.calls);
  const requests = arrivals.requestsPerMonth;
  const month = monthOf(configuration, calls, payloads, { requests, coldShare });
  if (month === undefined) throw new Error('a configuration with a replay has warm and cold calls');
  const daily = schedule.reduce((sum, environments) => sum + environments, 0) * (stepsPerDay / schedule.length);
  const usd = billOf(
    {
      ...month,
      provisioned: {
        share,
        billedMs: month.warm.billedMs,
        environmentSeconds: daily * stepSeconds * daysPerMonth,
      },
    },
    pricesFor(measured, situation),
  );
  const stretches = stretchesOf(schedule);
  return {
    environments: Math.max(...schedule),
    schedule: stretches.length > 0 ? [...stretches] : undefined,
    usd,
    spillShare: Math.max(0, 1 - share),
    coldShare,
    latencyMs: latencyOf(times, replayed),
  };
}

/** A day begins as the one before it ended: what is configured at midnight is said only where it changes then. */
function stretchesOf(schedule: readonly number[]): readonly { readonly from: string; readonly environments: number }[] {
  return schedule.flatMap((environments, step) => {
    if (schedule.at(step - 1) === environments) return [];
    const minutes = (step * stepSeconds) / 60;
    const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
    return [{ from: `${hour}:${minute}`, environments }];
  });
}
