import { TuneError } from '../base/errors.ts';
import { type Architecture, type Configuration, ofVariant, sameVariant } from '../model/configuration.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import { preflightReason } from '../model/preflight.ts';
import type { Variant } from '../model/variant.ts';
import type { Warning } from '../model/warning.ts';
import { formatMemory, formatMemorySizes } from '../text/format.ts';
import type { PlanRequest } from './request.ts';

/** Which configurations a run is of. */
export interface PlannedConfigurations {
  /** Sizes, with today's where a climb needs it. */
  readonly memoryMb: readonly number[];
  /** To measure, the reference first, then the architectures in turn from the smallest size up. */
  readonly configurations: readonly Configuration[];
  /** Made first; answers once before any other is called. */
  readonly reference: Configuration;
  /** Of variants that cannot run, by their preflight: never called. */
  readonly leftOut: readonly { readonly configuration: Configuration; readonly reason: string }[];
  /** Of an architecture that the backend cannot run: a price only, never called. */
  readonly projected: readonly Configuration[];
}

/** Of what was asked for, what account, package and machine allow. Throws TuneError USAGE when nothing is left to measure. */
export function configurationsOf(
  request: PlanRequest,
  facts: FunctionFacts,
): PlannedConfigurations & { readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const allowedMb = allowedSizes(request.memoryMb, facts.memoryLimitMb, warnings);
  const { runnable, projectable } = splitArchitectures(request, facts, warnings);
  const memoryMb = request.race?.sizes === 'climb' ? withCurrent(allowedMb, facts) : allowedMb;
  const wanted = ordered(memoryMb, runnable, facts, request.variants);
  const leftOut = wanted.flatMap((configuration) => leftOutBy(request.preflights, configuration));
  const [reference, ...others] = wanted.filter((one) => !leftOut.some(({ configuration }) => configuration === one));
  if (reference === undefined) throw nothingLeft(request, facts);
  const projected = ordered(memoryMb, projectable, facts, request.variants);
  return { memoryMb, configurations: [reference, ...others], reference, leftOut, projected, warnings };
}

/** People ask what they save, so the current setting is always among the sizes of a climb. */
function withCurrent(memoryMb: readonly number[], { memoryMb: currentMb }: FunctionFacts): readonly number[] {
  return [...new Set([...memoryMb, currentMb])].sort((a, b) => a - b);
}

function leftOutBy(
  preflights: PlanRequest['preflights'] = [],
  configuration: Configuration,
): PlannedConfigurations['leftOut'] {
  const { architecture, variant } = configuration;
  const own = preflights.find((one) => one.wanted === architecture && one.variant === variant?.name);
  if (own?.verdict !== 'incompatible') return [];
  const [first] = own.findings.filter(({ blocking }) => blocking);
  const why =
    first === undefined ? '' : `${first.path || first.where} ${first.reason ?? `is built for ${first.architecture}`}`;
  return [{ configuration, reason: `${preflightReason}${why}` }];
}

/**
 * The function as it is, and its own architecture, where they are among them; of the sizes its own or the nearest above, else the largest below.
 * Undefined for an empty list.
 */
export function pickReference(
  configurations: readonly Configuration[],
  facts: Pick<FunctionFacts, 'architecture' | 'memoryMb'>,
): Configuration | undefined {
  const asItIs = preferring(configurations, (one) => sameVariant(one, {}));
  const bySize = preferring(asItIs, ({ architecture }) => architecture === facts.architecture).toSorted(
    (a, b) => a.memoryMb - b.memoryMb,
  );
  return bySize.find(({ memoryMb }) => memoryMb >= facts.memoryMb) ?? bySize.at(-1);
}

function preferring<T>(all: readonly T[], isPreferred: (one: T) => boolean): readonly T[] {
  const preferred = all.filter(isPreferred);
  return preferred.length > 0 ? preferred : all;
}

function allowedSizes(asked: readonly number[], limitMb: number, warnings: Warning[]): readonly number[] {
  const sizes = [...new Set(asked)].sort((a, b) => a - b);
  const dropped = sizes.filter((memoryMb) => memoryMb > limitMb);
  if (dropped.length > 0) {
    const text = `This account allows functions of at most ${formatMemory(limitMb)}; left out: ${formatMemorySizes(dropped)}.`;
    warnings.push({ code: 'memoryLimit', text });
  }
  return sizes.filter((memoryMb) => memoryMb <= limitMb);
}

function splitArchitectures({ architectures, otherCode = {} }: PlanRequest, facts: FunctionFacts, warnings: Warning[]) {
  const available = [...new Set(architectures)].filter((architecture) => {
    // A zip's code is tried on either architecture; an image is built for one.
    const hasCode =
      facts.packageType === 'Zip' || architecture === facts.architecture || otherCode[architecture] === true;
    if (!hasCode) {
      const option = architecture === 'arm64' ? '--arm64-image' : '--x86-image';
      const text = `${architecture} is left out: the function's image is built for ${facts.architecture}. Name another with ${option}.`;
      warnings.push({ code: 'noImage', text });
    }
    return hasCode;
  });
  const runs = (architecture: Architecture) => facts.emulation?.architectures.includes(architecture) ?? true;
  return { runnable: available.filter(runs), projectable: available.filter((architecture) => !runs(architecture)) };
}

/** The reference first; then size by size, so that a run that ends early has compared architectures at what it has. */
function ordered(
  memoryMb: readonly number[],
  architectures: readonly Architecture[],
  facts: FunctionFacts,
  variants: readonly Variant[] = [],
): readonly Configuration[] {
  const ownFirst = architectures.toSorted(
    (a, b) => Number(b === facts.architecture) - Number(a === facts.architecture),
  );
  const all = memoryMb.flatMap((size) =>
    ownFirst.flatMap((architecture): readonly Configuration[] => {
      const asItIs = { memoryMb: size, architecture };
      return variants.length === 0 ? [asItIs] : variants.map((variant) => ofVariant(asItIs, variant));
    }),
  );
  const reference = pickReference(all, facts);
  return reference === undefined ? [] : [reference, ...all.filter((configuration) => configuration !== reference)];
}

function nothingLeft({ memoryMb, architectures }: PlanRequest, facts: FunctionFacts): TuneError {
  const smallest = Math.min(...memoryMb);
  if (smallest > facts.memoryLimitMb) {
    return new TuneError(
      'USAGE',
      `This account allows functions of at most ${formatMemory(facts.memoryLimitMb)}; all sizes asked for are above.`,
      {
        hint: `Give sizes up to ${formatMemory(facts.memoryLimitMb)}, or ask AWS Support to raise the limit.`,
      },
    );
  }
  const runs = facts.emulation?.architectures.join(' and ') ?? facts.architecture;
  return new TuneError(
    'USAGE',
    `Nothing can be measured on ${architectures.join(' and ')}: only ${runs} can run here.`,
    {
      hint: `Add ${runs.replace(' and ', ',')} to --architecture.`,
    },
  );
}
