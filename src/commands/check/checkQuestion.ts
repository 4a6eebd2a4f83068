import { awsHosts, ofOneKind } from '../../analysis/hosts.ts';
import { payloadShares } from '../../analysis/summarize.ts';
import { TuneError } from '../../base/errors.ts';
import { limitsOf } from '../../check/limits.ts';
import { checkDefaults, type GateOptions } from '../../check/options.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Emulation } from '../../model/functionFacts.ts';
import type { Payload } from '../../model/payload.ts';
import type { RunOptions } from '../../options/options.ts';

/** What is asked of a check, from what was given. */

/** What the options say, without what a side is compared with. */
export function checkOptionsOf(
  options: RunOptions,
  { memoryMb, architecture }: Configuration,
  emulation: Emulation | undefined,
  payloads: readonly Pick<Payload, 'name' | 'weight'>[],
): GateOptions {
  return {
    ...checkDefaults,
    limits: limitsOf(options),
    strict: options.strict,
    memoryMb,
    hosts: emulation === undefined ? awsHosts[architecture] : ofOneKind,
    hostsMayBeOfTwoKinds: emulation === undefined,
    maxSamples: options.maxInvocations,
    payloads: payloadShares(payloads),
    coldShare: options.coldShare,
  };
}

/** @throws TuneError USAGE */
export function requireComparison({
  against,
  againstVariant,
  baseline,
  maxCostUsdPerMillion,
  maxP95Ms,
  maxInitMs,
  minMemoryHeadroom,
}: RunOptions): void {
  if (against !== undefined && baseline !== undefined) {
    throw new TuneError('USAGE', '--against and --baseline cannot be given together.', {
      hint: '--against measures a second function side by side and decides better; --baseline compares with a saved run.',
    });
  }
  if (againstVariant !== undefined && (against !== undefined || baseline !== undefined)) {
    throw new TuneError(
      'USAGE',
      '--against-variant is the other side: it goes with neither --against nor --baseline.',
      {
        hint: 'Give one of them.',
      },
    );
  }
  const budgets = [maxCostUsdPerMillion, maxP95Ms, maxInitMs, minMemoryHeadroom];
  const others = [against, againstVariant, baseline];
  if (others.some((other) => other !== undefined) || budgets.some((budget) => budget !== undefined)) return;
  throw new TuneError('USAGE', 'There is nothing to compare with.', {
    hint: 'Give --against orders:live (best), --baseline base.json (made by tune baseline --report json=base.json), or a budget such as --max-p95-ms 250.',
  });
}
