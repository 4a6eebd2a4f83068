import type { Io } from '../../base/io.ts';
import type { ChosenFunction } from '../../model/fleet/shard.ts';
import { withDefaults } from '../../options/defaults.ts';
import type { GivenOptions } from '../../options/schema.ts';
import type { OptionsOf } from '../../options/table.ts';
import { sampleNames } from '../../plan/samples/sampleEvents.ts';
import { loadPayloads } from '../shared/payloads.ts';

/** What the config file and the flags say of all functions, and of each. */
export interface FleetRequest {
  /** The config file. */
  readonly written: GivenOptions;
  /** Flags, over everything that is written. */
  readonly given: GivenOptions;
  /** Services whose events each function is called with, as it was ranked, by ARN. */
  readonly eventSources: ReadonlyMap<string, readonly string[]>;
}

/** In the config file: an event of what calls the function, in the shape that AWS documents. Never without being asked for. */
const sampleOfSource = 'sample:source';

type FunctionOptions = OptionsOf<'tune'> & { readonly function: string };

export interface OneFunction {
  readonly given: GivenOptions;
  readonly options: FunctionOptions;
  /** Nobody said what to send it: it is never sent `{}` for that. */
  readonly hasPayload: boolean;
  /** Why there is none, and what to do; for a function that has no test event, either. */
  readonly whyNone: string;
}

/** The entry of the config file that names it, over the file's other keys and under the flags. */
export function optionsOf(one: ChosenFunction, { written, given, eventSources }: FleetRequest): OneFunction {
  const { functions = [], function: _function, maxSpendUsd: _cap, ...fromFile } = written;
  const { maxSpendUsd: _flag, ...fromFlags } = given;
  const entry = functions.find(
    (each) => isNamed(each.function, one) && (each.region === undefined || each.region === one.region),
  );
  const qualifier = entry === undefined ? undefined : qualifierOf(entry.function);
  const merged = { ...fromFile, ...entry, ...fromFlags };
  const { payload: asked } = merged;
  const sources = eventSources.get(one.functionArn) ?? [];
  const sampled = sources.find((name) => (sampleNames as readonly string[]).includes(name));
  const payload = asked !== sampleOfSource ? asked : sampled === undefined ? undefined : `sample:${sampled}`;
  const own = {
    ...merged,
    payload,
    function: qualifier === undefined ? one.functionArn : `${one.functionArn}:${qualifier}`,
    region: one.region,
    profile: given.profile ?? one.profile ?? merged.profile,
    assumeRole: given.assumeRole ?? one.role ?? merged.assumeRole,
  };
  return {
    given: own,
    options: { ...withDefaults('tune', own), function: own.function },
    hasPayload: payload !== undefined || merged.payloads !== undefined,
    whyNone: whyNone(asked === sampleOfSource, sources, sampled),
  };
}

function whyNone(isAsked: boolean, sources: readonly string[], sampled: string | undefined): string {
  const cure = 'give it a payload in the config file, or save a shareable test event';
  if (isAsked) {
    const why =
      sources.length === 0
        ? 'no event source calls it'
        : `it is called with events of ${sources.join(', ')}, of which there is no sample`;
    return `${why}: ${cure}`;
  }
  const hint =
    sampled === undefined ? '' : ` (it is called with events of ${sampled}: "payload": "${sampleOfSource}" sends one)`;
  return `nothing says what to send it: ${cure}${hint}`;
}

function isNamed(named: string, { functionName, functionArn }: ChosenFunction): boolean {
  const plain = named.startsWith('arn:') ? named.split(':').slice(0, 7).join(':') : named.split(':')[0];
  return plain === functionName || plain === functionArn;
}

function qualifierOf(named: string): string | undefined {
  return named.startsWith('arn:') ? named.split(':')[7] : named.split(':')[1];
}

/** Payloads that are here are read before anything is looked up. @throws TuneError PAYLOAD, USAGE */
export function askedPayloads({ options, hasPayload }: OneFunction, io: Io) {
  return hasPayload ? loadPayloads(options, options.function, io) : undefined;
}
