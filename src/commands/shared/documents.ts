import { readFile } from 'node:fs/promises';
import { atTraffic } from '../../advice/atTraffic.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { present } from '../../base/present.ts';
import {
  howToSave,
  parseSavedCheck,
  parseSavedFleet,
  parseSavedMigration,
  parseSavedObservation,
  parseSavedPortfolio,
  parseSavedRun,
  savedKindOf,
} from '../../documents/savedDocument.ts';
import { migrationAtTraffic } from '../../migrate/atTraffic.ts';
import type { CheckResult } from '../../model/check.ts';
import type { Fleet } from '../../model/fleet/fleet.ts';
import type { Portfolio } from '../../model/fleet/portfolio.ts';
import type { MigrationResult } from '../../model/migration.ts';
import type { Observation } from '../../model/production/observation.ts';
import type { TuningResult } from '../../model/run.ts';
import {
  checkReporters,
  migrationReporters,
  observationReporters,
  portfolioReporters,
  rankingReporters,
  runReporters,
} from '../../reporters/registry.ts';
import type { TrafficQuestion } from '../../traffic/question.ts';
import { absolutePath } from './inputs.ts';
import type { Rendered } from './outputs.ts';

/** The kinds of documents that are saved and can be rendered again, each with its reporters. */

export function asRun(saved: TuningResult): Rendered<TuningResult> {
  const { runId, leftBehind, cheapest, ended } = saved;
  const stepOutputs = present({
    ended,
    'cheapest-memory-mb': cheapest === null ? undefined : String(cheapest.memoryMb),
    'cheapest-architecture': cheapest?.architecture,
  });
  return { saved, reporters: runReporters, runId, leftBehind, stepOutputs };
}

export function asCheck(saved: CheckResult): Rendered<CheckResult> {
  const { runId, leftBehind, verdict } = saved;
  return { saved, reporters: checkReporters, runId, leftBehind, stepOutputs: { verdict } };
}

export function asMigration(saved: MigrationResult): Rendered<MigrationResult> {
  const { runId, run, preflight, required, verdict } = saved;
  const stepOutputs = present({
    verdict: verdict.kind,
    'memory-mb': verdict.configuration === undefined ? undefined : String(verdict.configuration.memoryMb),
    architecture: verdict.configuration?.architecture,
    preflight: preflight.verdict,
    required: required?.decided,
  });
  return { saved, reporters: migrationReporters, runId, leftBehind: run?.leftBehind ?? [], stepOutputs };
}

export function asObservation(saved: Observation): Rendered<Observation> {
  const month = saved.total.costPerMonthUsd?.estimate;
  const stepOutputs = present({
    'cost-per-month-usd': month === undefined ? undefined : month.toFixed(2),
    required: saved.sinceChange?.required?.decided,
  });
  // Nothing was made, so nothing has the name of a run; its seed names the reading.
  return { saved, reporters: observationReporters, runId: `observe-${saved.seed}`, leftBehind: [], stepOutputs };
}

export function asRanking(saved: Fleet): Rendered<Fleet> {
  const { worthMeasuring, monthlyUsd } = saved.total;
  const stepOutputs = present({
    'worth-measuring': String(worthMeasuring),
    'cost-per-month-usd': monthlyUsd === null ? undefined : monthlyUsd.toFixed(2),
  });
  return { saved, reporters: rankingReporters, runId: 'fleet', leftBehind: [], stepOutputs };
}

export function asPortfolio(saved: Portfolio): Rendered<Portfolio> {
  const { measured, change, savesUsdPerMonth } = saved.total;
  const stepOutputs = present({
    measured: String(measured),
    change: String(change),
    'saves-per-month-usd': savesUsdPerMonth === null ? undefined : savesUsdPerMonth.estimate.toFixed(2),
  });
  // Runs have names of their own: what they left is told with them.
  return { saved, reporters: portfolioReporters, runId: 'fleet', leftBehind: [], stepOutputs };
}

/** Hands the document on with the reporters of its kind; a run at the traffic that is asked for. */
export async function withDocument<T>(
  file: string,
  io: Io,
  traffic: TrafficQuestion | undefined,
  work: <Saved>(rendered: Rendered<Saved>) => Promise<T>,
): Promise<T> {
  const { text, shown } = await readDocument(file, io);
  const kind = savedKindOf(text, shown);
  switch (kind) {
    case 'run': {
      const run = parseSavedRun(text, shown);
      return work(asRun(traffic === undefined ? run : atTraffic(run, traffic)));
    }
    case 'check':
      if (traffic !== undefined) throw holdsNoCalls(shown, 'a check');
      return work(asCheck(parseSavedCheck(text, shown)));
    case 'migration': {
      const migration = parseSavedMigration(text, shown);
      return work(asMigration(traffic === undefined ? migration : migrationAtTraffic(migration, traffic)));
    }
    case 'observation':
      if (traffic !== undefined) throw holdsNoCalls(shown, 'an observation');
      return work(asObservation(parseSavedObservation(text, shown)));
    case 'fleet':
      if (traffic !== undefined) throw holdsNoCalls(shown, 'a ranking');
      return work(asRanking(parseSavedFleet(text, shown)));
    case 'portfolio':
      if (traffic !== undefined) throw holdsNoCalls(shown, 'a portfolio');
      return work(asPortfolio(parseSavedPortfolio(text, shown)));
  }
}

/** It saves what was found, not the calls it was found with. */
function holdsNoCalls(shown: string, kind: string): TuneError {
  return new TuneError('TRAFFIC', `${shown} is ${kind}: it holds no calls that could be replayed at a traffic.`, {
    hint: 'Replay a saved run, which tune --report json= and tune check --update-baseline write.',
  });
}

/** `-` is standard input. @throws TuneError SAVED_RUN for what cannot be read or is not a saved run */
export async function readSavedRun(file: string, io: Io): Promise<TuningResult> {
  const { text, shown } = await readDocument(file, io);
  return parseSavedRun(text, shown);
}

/** What has an answer that can be applied. @throws TuneError SAVED_RUN */
export async function readAnswer(
  file: string,
  io: Io,
): Promise<
  | { readonly kind: 'run'; readonly saved: TuningResult }
  | { readonly kind: 'migration'; readonly saved: MigrationResult }
> {
  const { text, shown } = await readDocument(file, io);
  switch (savedKindOf(text, shown)) {
    case 'run':
      return { kind: 'run', saved: parseSavedRun(text, shown) };
    case 'migration':
      return { kind: 'migration', saved: parseSavedMigration(text, shown) };
    case 'observation':
      throw new TuneError(
        'SAVED_RUN',
        `${shown} is an observation: it says what could be worth measuring, not what to change.`,
        {
          hint: 'Measure it first: tune --function … --observation … --report json=run.json',
        },
      );
    case 'fleet':
    case 'portfolio':
      throw new TuneError('SAVED_RUN', `${shown} is of a whole fleet: this takes the run of one function.`, {
        hint: 'tune fleet run wrote the run of each function into its --out folder.',
      });
    case 'check':
      throw new TuneError('SAVED_RUN', `${shown} is a check, whose verdict changes nothing.`, {
        hint: 'A run or a migration has an answer: tune --function … --report json=run.json',
      });
  }
}

/** `howToMake`: what a file that is not there is made with. */
export async function readDocument(
  file: string,
  io: Io,
  howToMake = howToSave,
): Promise<{ readonly text: string; readonly shown: string }> {
  if (file === '-') return { text: new TextDecoder().decode(await io.stdin.read()), shown: 'standard input' };
  const text = await readFile(absolutePath(file, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('SAVED_RUN', `Cannot read the saved run ${file} (${error.code ?? 'unknown error'}).`, {
      hint: error.code === 'ENOENT' ? howToMake : 'The file must be readable: check the path and its permissions.',
      cause: error,
    });
  });
  return { text, shown: file };
}
