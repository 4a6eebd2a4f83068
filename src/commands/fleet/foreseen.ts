import { TuneError } from '../../base/errors.ts';
import type { ChosenFunction } from '../../model/fleet/shard.ts';
import { formatMemory, formatNumberOf } from '../../text/format.ts';
import { memoryChoiceOf } from '../shared/job.ts';
import { type FleetRequest, optionsOf } from './functionOptions.ts';

const mostNamed = 3;

/** What can be known of the work before anything is read or paid. */
export interface Foreseen {
  /** Their shareable test events are asked for; without one they are listed. */
  readonly withoutPayload: ReadonlySet<string>;
  /** Sizes are listed for them, and what they have today is not among those: they would be paid for, and have no answer. */
  readonly withoutToday: readonly ChosenFunction[];
}

export function foresee(todo: readonly ChosenFunction[], request: FleetRequest): Foreseen {
  const asked = todo.map((one) => ({ one, ...optionsOf(one, request) }));
  return {
    withoutPayload: new Set(asked.filter(({ hasPayload }) => !hasPayload).map(({ one }) => one.functionArn)),
    withoutToday: asked.filter(({ one, options }) => isLeftOut(one.setting.memoryMb, options)).map(({ one }) => one),
  };
}

function isLeftOut(memoryMb: number, options: Parameters<typeof memoryChoiceOf>[0]): boolean {
  try {
    const choice = memoryChoiceOf(options);
    return choice.race === undefined && !choice.memoryMb.includes(memoryMb);
  } catch (error) {
    // Its row says it.
    if (error instanceof TuneError) return false;
    throw error;
  }
}

export function foreseenTexts({ withoutPayload, withoutToday }: Foreseen): readonly string[] {
  const named = withoutToday
    .slice(0, mostNamed)
    .map(({ functionName, setting }) => `${functionName} ${formatMemory(setting.memoryMb)}`);
  return [
    ...(withoutPayload.size === 0
      ? []
      : [
          `${formatNumberOf(withoutPayload.size, 'function')} without a payload in the config file: shareable test events are sent, and what has none is listed, not invoked.`,
        ]),
    ...(withoutToday.length === 0
      ? []
      : [
          `The memory sizes that are asked for leave out what ${formatNumberOf(withoutToday.length, 'function has', 'functions have')} today (${named.join(', ')}${withoutToday.length > mostNamed ? ', …' : ''}): whether a change is worth it will not be known of them. Add it to "memory" in the config file, or leave "memory" out.`,
        ]),
  ];
}
