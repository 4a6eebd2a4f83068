import { atTraffic } from '../../advice/atTraffic.ts';
import type { Baseline } from '../../check/baseline.ts';
import type { GateFound } from '../../check/gateSampler.ts';
import { concludeRun } from '../../measure/conclude.ts';
import type { EndedLane, SubjectEnd } from '../../measure/subject.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { TuningResult } from '../../model/run.ts';
import type { Monthly } from '../../model/traffic.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import type { PreparedSide } from './checkSide.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** What each side would cost a month at the traffic that is asked about. It changes no verdict. */
export function billsOf(
  { traffic, current, against, baseline: saved }: PreparedCheck,
  end: SubjectEnd<GateFound | undefined>,
): { readonly monthly?: CheckedFunction['monthly']; readonly notes: readonly string[] } {
  if (traffic === undefined) return { notes: [] };
  const [lane, otherLane] = end.lanes;
  const ofSide = (side: PreparedSide | undefined, measured: EndedLane | undefined) =>
    side && measured && billOf(runOf(side, measured, end));
  const bills = {
    current: ofSide(current, lane),
    baseline: against === undefined ? ofSaved(saved) : ofSide(against, otherLane),
  };
  return { monthly: bills, notes: noteOf(bills, traffic.given) };

  /** Of the measurements of saved runs, at today's prices. */
  function ofSaved(baseline: Baseline | undefined): Monthly | undefined {
    const { configuration, measurements = [] } = baseline ?? {};
    if (configuration === undefined) return undefined;
    return billOf(runOf({ ...current, configuration }, { configuration, earlier: [], measurements }, end));
  }

  function billOf(run: TuningResult): Monthly | undefined {
    return traffic && atTraffic(run, traffic).configurations[0]?.monthly;
  }
}

function runOf(
  { job, configuration }: PreparedSide,
  { earlier, measurements }: Pick<EndedLane, 'configuration' | 'earlier' | 'measurements'>,
  end: SubjectEnd<GateFound | undefined>,
): TuningResult {
  return concludeRun(job, {
    ...end,
    lanes: [{ configuration, earlier, measurements }],
    ended: 'completed',
    invocations: measurements.length,
    warnings: [],
  });
}

function noteOf({ current, baseline }: NonNullable<CheckedFunction['monthly']>, given: string): readonly string[] {
  if (current === undefined) return [`No monthly bill at ${given}: it needs warm calls and a cold start.`];
  const before = baseline === undefined ? '' : `, ${formatUsd(baseline.usd.total)} with what it is compared with`;
  return [
    `At ${given} (${formatNumberOf(current.requests, 'request')} a month) this side costs ${formatUsd(current.usd.total)} a month${before}: list prices, cold starts included; logs beside it.`,
  ];
}
