import { createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { type ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { periodOf } from '../../observe/period.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { observationReporters } from '../../reporters/registry.ts';
import { asObservation } from '../shared/documents.ts';
import { observationExitCode } from '../shared/exitCode.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { changeOf, observeFunction } from '../shared/production/observeFunction.ts';
import { openReadingProgress } from '../shared/production/readingProgress.ts';

type ObserveOptions = ToolOptions<'observe'>;

/** `tune observe`: reads what production wrote of itself, and says what it pays. Nothing is invoked or changed. */
export async function runObserve(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('observe', flags);
  const named = namedFunction(options);
  const now = io.now();
  const period = periodOf(options.since, options.until, now);
  const sinceChangeMs = changeOf(options, period, now);
  const outputs = await planOutputs(options, Object.keys(observationReporters), io);
  const { region, profile, endpointUrl } = options;
  const clients = await createClients(
    { region: region ?? parseFunctionRef(named).region, profile, endpointUrl, viaProxy: usesProxy(io.env) },
    io,
  );
  const progress = openReadingProgress(options, io);
  try {
    const observation = await observeFunction({ named, options, period, sinceChangeMs, now, clients, progress }, io);
    await writeOutputs(outputs, asObservation(observation), io, options);
    return observationExitCode(observation, io.interrupted);
  } finally {
    progress.end();
    clients.destroy();
  }
}

function namedFunction({ function: named }: ObserveOptions): string {
  if (named === undefined) {
    throw new TuneError('USAGE', 'Which function?', { hint: 'Example: tune observe --function orders:live' });
  }
  if (/[/\\]/.test(named) && !named.startsWith('arn:')) {
    throw new TuneError('USAGE', `${named} is a path: code without a function has no production.`, {
      hint: 'Name a function of an account, such as orders or orders:live.',
    });
  }
  return named;
}
