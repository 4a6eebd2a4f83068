import { type Curve, curveOf, sameCurve } from '../../model/configuration.ts';
import type { Deployment } from '../../model/platform.ts';
import { shadowName } from '../client/names.ts';
import type { Presence } from './context.ts';
import type { Removal } from './removal.ts';

/** One throwaway function. With a small package it holds one configuration, with a large one it walks through several. */
export interface Shadow {
  readonly name: string;
  /** What its versions have in common. */
  readonly curve: Curve;
  readonly presence: Presence;
  /** Configurations dealt to it. */
  dealt: number;
  /** Its creations and publications, one after another. */
  chain: Promise<unknown>;
  functionArn?: string;
  /** All that was published of it. */
  readonly versions: Deployment[];
  removal?: Promise<Removal>;
  /** Removed before the end of the run. */
  released?: boolean;
}

/** Shadows per architecture and variant for a large package: two, so that one publishes while the other one's versions are measured. */
const walkers = 2;

/**
 * The shadow that a further configuration goes to: one of its own, or, where shadows walk through
 * sizes, the one with the fewest.
 */
export function dealShadow(
  shadows: Shadow[],
  curve: Curve,
  how: { readonly single: boolean; readonly runId: string; readonly target: string },
): Shadow {
  const own = shadows.filter((one) => sameCurve(one.curve, curve));
  const free = own.filter((shadow) => shadow.removal === undefined);
  const [least] = [...free].sort((a, b) => a.dealt - b.dealt);
  if (!how.single && least !== undefined && free.length >= walkers) {
    least.dealt += 1;
    return least;
  }
  const { architecture } = curve;
  const number = shadows.filter((one) => one.curve.architecture === architecture).length + 1;
  const name = shadowName({ runId: how.runId, architecture, number, target: how.target });
  const presence: Presence = { is: 'absent' };
  const shadow: Shadow = {
    name,
    curve: curveOf(curve),
    presence,
    dealt: 1,
    chain: Promise.resolve(),
    versions: [],
  };
  shadows.push(shadow);
  return shadow;
}
