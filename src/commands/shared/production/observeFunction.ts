import type { AwsClients } from '../../../aws/client/client.ts';
import { type ObservedFunction, readObservedFunction } from '../../../aws/production/observedFunction.ts';
import { awsProduction } from '../../../aws/production/production.ts';
import { readTriggers } from '../../../aws/production/triggers.ts';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { toolVersion } from '../../../base/version.ts';
import type { Observation } from '../../../model/production/observation.ts';
import { usualMaxSlowdown } from '../../../model/verdict.ts';
import type { Announced } from '../../../observe/announced.ts';
import { concludeObservation } from '../../../observe/conclude.ts';
import { minuteOf, momentOf, type Period } from '../../../observe/period.ts';
import type { ToolOptions } from '../../../options/table.ts';
import { parsePriceOption } from '../../../pricing/priceOption.ts';
import { costModelFor } from '../../../pricing/pricing.ts';
import { readAdvice } from './readAdvice.ts';
import { readProduction } from './readProduction.ts';

type ObserveOptions = ToolOptions<'observe'>;

/** A range of so many versions is asked for by name; older ones are told by the records. */
const mostVersions = 20;

/** Who looks on while production is read: people at a terminal, or the program that called the package. */
export interface ReadingOnlooker {
  say(text: string): void;
  /** Before anything that costs something is read. */
  announce(reading: Announced): void;
  /** How far it is. */
  show(text: string): void;
}

/** What is asked of one function. */
export interface Observing {
  readonly named: string;
  readonly options: Pick<
    ObserveOptions,
    'price' | 'seed' | 'source' | 'maxSpendUsd' | 'require' | 'maxSlowdown' | 'xray'
  >;
  readonly period: Period;
  readonly sinceChangeMs: number | 'last' | undefined;
  readonly now: Date;
}

/** Reads what production wrote of itself. Nothing is invoked or changed. @throws TuneError where there is no such function, or it may not be read */
export async function observeFunction(
  { options, named, now, period, sinceChangeMs }: Observing,
  clients: AwsClients,
  io: Io,
  watching: ReadingOnlooker,
): Promise<Observation> {
  const costModel =
    options.price === undefined ? costModelFor(clients.region) : parsePriceOption(options.price, clients.region);
  const target = await readObservedFunction(clients, named);
  const isCounted = versionFilter(target);
  const production = awsProduction(clients, target, io);
  const announce = (reading: Announced) => watching.announce(reading);
  watching.say(
    `${named}, ${minuteOf(period.fromMs)} to ${minuteOf(period.toMs)} (UTC). Nothing is invoked or changed.`,
  );
  const evidence = await readProduction({
    production,
    observed: {
      functionName: target.functionName,
      qualifier: target.qualifier,
      versions:
        target.isAlias || target.qualifier === undefined
          ? target.versions
              .map(({ version }) => version)
              .filter(isNumber)
              .slice(0, mostVersions)
          : [],
      logGroup: target.logGroup,
      provisioned: target.provisioned,
    },
    period,
    nowMs: now.getTime(),
    seed: options.seed ?? Math.floor(io.random() * 2 ** 31),
    source: options.source,
    capUsd: options.maxSpendUsd,
    current: target.current,
    versions: new Map(
      target.versions.filter(({ version }) => isCounted(version)).map((version) => [version.version, version]),
    ),
    countsVersion: isCounted,
    costModel,
    toolVersion,
    named,
    recordsMissing: target.recordsMissing,
    signal: io.interrupted,
    announce,
    progress: (text) => watching.show(text),
  });
  const called = await readTriggers(
    clients,
    { functionName: target.functionArn, qualifier: target.qualifier },
    io.interrupted,
  );
  const advice = await readAdvice({ clients, target, period, evidence, io, announce, withTraces: options.xray });
  return concludeObservation(
    {
      ...evidence,
      sources: [...evidence.sources, ...advice.sources],
      spend: { ...evidence.spend, spentUsd: evidence.spend.spentUsd + advice.spentUsd },
      computeOptimizer: advice.computeOptimizer,
      downstream: advice.downstream,
      triggers: called.triggers,
      warnings: [...target.warnings, ...called.warnings],
    },
    {
      sinceChangeMs,
      cpuMs: advice.cpuMs,
      required:
        options.require === undefined
          ? undefined
          : { require: options.require, maxSlowdown: options.maxSlowdown ?? usualMaxSlowdown },
    },
  );
}

/** @throws TuneError USAGE */
export function askedChangeOf(
  { sinceChange, require }: Pick<ObserveOptions, 'sinceChange' | 'require'>,
  period: Period,
  now: Date,
): number | 'last' | undefined {
  if (sinceChange === undefined) {
    if (require === undefined) return undefined;
    throw new TuneError('USAGE', '--require is about a change.', { hint: 'Give it with --since-change.' });
  }
  if (sinceChange === true) return 'last';
  const atMs = momentOf(sinceChange, '--since-change', now.getTime());
  if (atMs > period.fromMs && atMs < period.toMs) return atMs;
  throw new TuneError('USAGE', '--since-change lies outside of the period that is read.', {
    hint: 'There must be something to read before it and after it: look further back with --since.',
  });
}

/** Records name the version, not the alias that was called. */
function versionFilter({ qualifier, isAlias }: ObservedFunction): (version: string) => boolean {
  if (qualifier === undefined) return () => true;
  return isAlias ? isNumber : (version) => version === qualifier;
}

function isNumber(version: string): boolean {
  return /^\d+$/.test(version);
}
