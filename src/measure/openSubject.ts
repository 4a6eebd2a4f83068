import { atCalmPace, type PacedLane, type Price } from '../analysis/machine/pace.ts';
import type { RunEvent } from '../model/engine/events.ts';
import type { SoFar } from '../model/engine/sampler.ts';
import type { LaneStep } from '../model/engine/step.ts';
import type { LeftBehind } from '../model/platform.ts';
import { reportedCostUsd } from '../report-line/outcome.ts';
import { inFlightBound } from './inFlight.ts';
import { type Lane, type LaneDeployments, type LanePayloads, newLane, prepareLanes, stopLane } from './lane.ts';
import { byLane, laneSoFar } from './lanes.ts';
import type { Measuring, Pressure } from './measureOnce.ts';
import { lanePayloads, openControls, openMeasuring } from './measuring.ts';
import type { OpenRun } from './openRun.ts';
import { spendLedger } from './spend.ts';
import { performSteps } from './steps.ts';
import type { Source, Subject } from './subject.ts';

/** A subject while it is measured: its lanes, where their copies come from, and what keeps it from going on. */
export interface OpenSubject {
  readonly lanes: readonly Lane[];
  readonly sources: readonly OpenSource[];
  readonly spentUsd: number;
  readonly pressure: Pressure;
  /** What ended it. */
  readonly failure: unknown;
  /** After an interruption everything pending rejects; that is the interruption, not a failure of its own. */
  fail(error: unknown): void;
  /** The lanes that these steps call, each once. */
  lanesOf(steps: readonly LaneStep[]): readonly Lane[];
  soFar(): SoFar;
  /** Lanes with the durations that are shown and compared: those of a calm machine. */
  atCalmPace<Known extends PacedLane>(lanes: readonly Known[]): readonly Known[];
  /** One round: everything settles before the next, and before the clean-up, where a call in flight would meet a deleted function. */
  perform(steps: readonly LaneStep[]): Promise<void>;
  /** Nothing is in flight any more. */
  end(): void;
  remove(): Promise<readonly LeftBehind[]>;
}

export interface OpenSource {
  readonly source: Source;
  readonly run: Measuring;
  readonly deployments: LaneDeployments;
  readonly payloads: LanePayloads;
  serves(lane: Pick<Lane, 'configuration'>): boolean;
}

export function openSubject(subject: Subject<unknown>, { deps, ...run }: OpenRun): OpenSubject {
  const { costModel, allowedErrors, maxInFlight } = subject;
  const controls = openControls(deps);
  const lanes = subject.lanes.map(newLane);
  const ledger = spendLedger(subject.maxSpendUsd, run.ledger);
  const pressure: Pressure = {
    lastSuccessMs: deps.monotonicMs(),
    throttles: 0,
    capReached: false,
    lostInARow: 0,
    hookFailuresInARow: 0,
  };
  let failure: unknown;
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'measured') {
      deps.onEvent({ ...event, functionName: subject.name, spentUsd: run.ledger.spentUsd });
    } else deps.onEvent(event.kind === 'laneEnded' ? { ...event, functionName: subject.name } : event);
  };
  const fail = (error: unknown) => {
    if (failure === undefined && !controls.stop.signal.aborted) failure = error;
    controls.stop.abort();
  };
  const { now, monotonicMs, random, sleep } = deps;
  const inFlight = inFlightBound(maxInFlight, run.inFlight);
  const stopping = { stop: controls.stop.signal, abandon: controls.abandon };
  const { pace, pauseMs } = run;
  const shared = {
    ...stopping,
    pace,
    pauseMs,
    costModel,
    allowedErrors,
    maxInFlight,
    inFlight,
    ledger,
    pressure,
    onEvent,
  };
  const sources = subject.sources.map((source, index): OpenSource => {
    const measuring = openMeasuring(source, { ...shared, now, monotonicMs, random, sleep });
    const others = subject.sources.filter((other) => other !== source).map(({ variant }) => variant);
    return {
      source,
      run: measuring,
      deployments: prepareLanes(measuring),
      payloads: lanePayloads(source.payloads, deps.uuid),
      serves: ({ configuration: { variant } }) =>
        variant?.name === source.variant || (index === 0 && !others.includes(variant?.name)),
    };
  });

  const price: Price = (billedDurationMs, configuration, call) => {
    const { facts } = sources.find(({ serves }) => serves({ configuration }))?.source ?? subject.sources[0];
    const { ephemeralStorageMb, runtime } = facts;
    return reportedCostUsd({ ...call, billedDurationMs }, { configuration, costModel, ephemeralStorageMb, runtime });
  };

  const leases = subject.sources.map(({ platform }) => platform.holdLease());

  return {
    lanes,
    sources,
    atCalmPace: (known) => atCalmPace(known, price),
    pressure,
    get spentUsd() {
      return ledger.spentUsd;
    },
    get failure() {
      return failure;
    },
    fail,
    lanesOf: (steps) => [...byLane(steps, lanes).keys()],
    soFar: () => ({
      lanes: atCalmPace(lanes.map(laneSoFar), price),
      leftUsd: leastOf(left(subject.maxSpendUsd, ledger.spentUsd), left(run.maxSpendUsd, run.ledger.spentUsd)),
      ending:
        failure !== undefined
          ? 'failed'
          : controls.stop.signal.aborted
            ? 'interrupted'
            : pressure.capReached
              ? 'capReached'
              : undefined,
    }),
    async perform(steps) {
      const work = [...byLane(steps, lanes)].map(async ([lane, own]) => {
        const home = sources.find((source) => source.serves(lane));
        if (home === undefined) return;
        try {
          await home.deployments.of(lane);
          await performSteps(home.run, lane, own, home.payloads);
          const isDone = subject.sampler.isDone?.(laneSoFar(lane)) === true;
          if (isDone && lane.deployment !== undefined) await home.run.platform.release(lane.deployment);
        } catch (error) {
          stopLane(home.run, lane, error, fail);
        }
      });
      await Promise.allSettled(work);
    },
    end: () => controls.end(),
    async remove() {
      const left = (await Promise.all(subject.sources.map(({ platform }) => platform.remove()))).flat();
      for (const letGo of leases) letGo();
      return left;
    },
  };
}

function left(capUsd: number | undefined, spentUsd: number): number | undefined {
  return capUsd === undefined ? undefined : capUsd - spentUsd;
}

function leastOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
