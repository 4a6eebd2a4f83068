import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { SideSize } from '../../check/extend.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Payload } from '../../model/payload.ts';
import type { VariantPreflight } from '../../model/preflight.ts';
import { factsAs, type Variant, type VariantOverlay } from '../../model/variant.ts';
import type { RunOptions } from '../../options/options.ts';
import type { Connections } from '../shared/connections.ts';
import { memoryChoiceOf, planJob } from '../shared/job.ts';
import { variantPreflights } from '../shared/preflight/variantPreflights.ts';
import { openSession, type Session } from '../shared/session.ts';

/** One of the two functions of a check, read and planned; nothing is created yet. */
export interface PreparedSide {
  /** As the user named it. */
  readonly name: string;
  readonly session: Session;
  readonly job: TuneJob;
  readonly configuration: Configuration;
  readonly options: RunOptions;
  readonly payloads: readonly Payload[];
  /** Of the side that is a variant of the function. */
  readonly variant?: Variant | undefined;
  /** Of a variant with other code, layers or another runtime. */
  readonly preflight?: VariantPreflight | undefined;
}

/** The other side of a check, beside `current`. */
export const otherSide = 'baseline';

/** A path has no setting of its own. */
const memoryOfPathMb = 1024;

export interface SideRun {
  readonly id: string;
  readonly seed: number;
  /** What is planned for it, once it was read. */
  sized(facts: FunctionFacts, configuration: Configuration, payloads: readonly Payload[]): SideSize;
}

/** At its own memory size and architecture unless others are given: what is deployed is what is compared. */
export async function prepareSide(
  name: string,
  options: RunOptions,
  payloadsOf: (session: Session) => Promise<readonly Payload[]>,
  run: SideRun,
  io: Io,
  connections: Connections,
  vary?: (session: Session) => Promise<VariantOverlay>,
): Promise<PreparedSide> {
  const asked = options.memory === undefined ? undefined : onlySize(options.memory, options.adaptive);
  const [first = memoryOfPathMb] = asked ?? [];
  const opened = await openSession(name, options, { memoryMb: [first], warnings: [] }, io, connections);
  const varied = await vary?.(opened);
  // Its copies are asked for by the name of the side.
  const session =
    varied === undefined
      ? opened
      : { ...opened, variants: [{ ...varied, variant: { ...varied.variant, name: otherSide } }] };
  const facts = varied === undefined ? opened.facts : factsAs(opened.facts, varied);
  const [architecture, ...otherArchitectures] = options.architecture ?? [facts.architecture];
  if (architecture === undefined || otherArchitectures.length > 0) {
    throw new TuneError('USAGE', 'A check compares at one architecture.', {
      hint: 'Give one: --architecture arm64. To compare two, use tune migrate.',
    });
  }
  const configuration = { memoryMb: asked?.[0] ?? facts.memoryMb, architecture };
  const payloads = await payloadsOf(session);
  const { samples, environments } = run.sized(facts, configuration, payloads);
  const { maxSpendUsd: _cap, coldStarts: _coldStarts, ...rest } = options;
  const job = planJob(
    { ...rest, architecture: [architecture], invocations: samples, concurrency: environments },
    { ...opened, facts },
    { memoryMb: [configuration.memoryMb], warnings: [] },
    payloads,
    run,
  );
  return {
    name: varied === undefined ? name : `${name} with ${varied.variant.name}`,
    session,
    job,
    configuration,
    options,
    payloads,
    variant: varied?.variant,
    preflight:
      varied && (await variantPreflights({ ...opened, variants: [varied] }, [configuration.architecture], io))[0],
  };
}

function onlySize(memory: string, adaptive: boolean): readonly number[] {
  const { memoryMb, race } = memoryChoiceOf({ memory, adaptive });
  if (memoryMb.length === 1 && race === undefined) return memoryMb;
  throw new TuneError('USAGE', 'A check compares at one memory size.', {
    hint: 'Give one, for instance --memory 1024, or none: then each function is measured at its own.',
  });
}
