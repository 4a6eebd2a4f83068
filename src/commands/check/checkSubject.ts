import type { Io } from '../../base/io.ts';
import { type GateFound, gateSampler } from '../../check/gateSampler.ts';
import type { Source, Subject } from '../../measure/subject.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { RunEvent } from '../../model/engine/events.ts';
import type { Variant } from '../../model/variant.ts';
import { type OpenPlatform, openPlatform } from '../shared/openPlatform.ts';
import { completing } from './baselineSaving.ts';
import { otherSide, type PreparedSide } from './checkSide.ts';
import { type ComparedAnswers, withComparedAnswers } from './otherVariant.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** One function of a check with its copies' journals open: what is given to the engine. */
export interface OpenCheck {
  readonly prepared: PreparedCheck;
  readonly subject: Subject<GateFound | undefined>;
  /** Of its sides: each is removed and found by a run of its own. */
  readonly runs: readonly OpenPlatform[];
  /** Of a side that is a variant of the function. */
  readonly answers?: ComparedAnswers | undefined;
}

/** @throws TuneError where no journal can be kept: then nothing of this function was created */
export async function openCheck(
  prepared: PreparedCheck,
  io: Io,
  onEvent: (event: RunEvent) => void,
): Promise<OpenCheck> {
  const { current, against, baseline, askedFunction, saving, options } = prepared;
  const { allowError: allowedErrors, maxSpendUsd } = askedFunction.options;
  const baselineVariant: Variant = { name: otherSide, changes: against?.variant?.changes ?? {} };
  const runs: OpenPlatform[] = [];
  const open = async (side: PreparedSide, variant?: Variant): Promise<Source> => {
    const run = await openPlatform(side.job, side.session, side.options, io, onEvent);
    runs.push(run);
    return sourceOf(prepared, side, run, variant);
  };
  try {
    const sources: [Source, ...Source[]] = [await open(current)];
    if (against !== undefined) sources.push(await open(against, baselineVariant));
    const compared = against?.variant === undefined ? undefined : withComparedAnswers(sources, against);
    const sides: readonly Configuration[] = [
      current.configuration,
      ...(against === undefined ? [] : [{ ...against.configuration, variant: baselineVariant }]),
    ];
    const [, before] = sides;
    const subject: Subject<GateFound | undefined> = {
      name: current.name,
      sampler: gateSampler({
        current: current.configuration,
        baseline: before === undefined ? { measurements: baseline?.measurements ?? [] } : { configuration: before },
        options,
        allowedErrors,
        completeTo: saving === undefined ? undefined : completing(saving, allowedErrors),
      }),
      sources: compared?.sources ?? sources,
      lanes: sides.map((configuration) => ({ configuration, earlier: [] })),
      costModel: current.job.costModel,
      allowedErrors,
      maxInFlight: current.job.plan.maxInFlight,
      maxSpendUsd,
    };
    return { prepared, subject, runs, answers: compared?.compared };
  } catch (error) {
    for (const run of runs) run.close();
    throw error;
  }
}

/** Every environment has a version to itself: the gate must know which call was served by which host. */
function sourceOf(
  { payloads, askedFunction }: PreparedCheck,
  side: PreparedSide,
  run: OpenPlatform,
  variant?: Variant,
): Source {
  const { name, session } = side;
  const template = askedFunction.options.payloadTemplate;
  return {
    variant: variant?.name,
    name,
    facts: session.facts,
    path: session.path,
    platform: run.platform,
    // Few calls go to each environment, so payloads are dealt over all of a side: each stratum needs its samples.
    payloads: { list: payloads, template, dealt: 'overAll' },
    hooks: session.hooks?.calls,
    environments: 'ownVersions',
  };
}
