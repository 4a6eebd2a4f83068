import type { PointerPath } from '../migrate/responses/jsonPointer.ts';
import type { CostModel } from '../model/costModel.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import type { Payload } from '../model/payload.ts';
import type { VariantPreflight } from '../model/preflight.ts';
import type { TuningResult } from '../model/run.ts';
import type { Triggers } from '../model/traffic.ts';
import type { ContinuedRun } from '../plan/continueRun.ts';
import type { Plan } from '../plan/plan.ts';
import type { TrafficQuestion } from '../traffic/question.ts';

/** What to measure: all decided, nothing looked up any more. */
export interface TuneJob {
  readonly runId: string;
  readonly toolVersion: string;
  readonly facts: FunctionFacts;
  readonly plan: Plan;
  readonly costModel: CostModel;
  readonly payloads: readonly Payload[];
  readonly payloadTemplate: boolean;
  readonly maxErrorShare: number;
  readonly maxSpendUsd?: number | undefined;
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number | undefined;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
  /** Fraction of cold starts in the mixture that configurations are compared by. */
  readonly coldShare?: number | undefined;
  readonly maxP95Ms?: number | undefined;
  /** The traffic that bills and the answer are wanted at. */
  readonly traffic?: TrafficQuestion | undefined;
  /** An earlier run of the same code whose measurements count, too. */
  readonly continued?: ContinuedRun | undefined;
  /** Within this fraction of the best is tied with it. */
  readonly tolerance: number;
  /** What the saved run says of the options. */
  readonly recorded: TuningResult['options'];
  /** What may differ between the answers of two variants. */
  readonly ignore: readonly PointerPath[];
  /** Of variants; empty: none has other code, layers or another runtime. */
  readonly preflights?: readonly VariantPreflight[] | undefined;
  /** Who calls the function, where that was read. */
  readonly triggers?: Triggers | undefined;
  /** Of a path target: what the user gave. */
  readonly path?: string | undefined;
  /** Of a path target that is a function of a template. */
  readonly template?: TuningResult['target']['template'];
}

/** What is called once before and after the run has its part of the cap. */
export function capForCalls({
  maxSpendUsd,
  plan,
}: {
  readonly maxSpendUsd?: number | undefined;
  readonly plan: Pick<Plan, 'hooks'>;
}): number | undefined {
  const ofRun = plan.hooks?.perRun.worstUsd ?? 0;
  return maxSpendUsd === undefined || ofRun === 0 ? maxSpendUsd : Math.max(1e-9, maxSpendUsd - ofRun);
}
