import { createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Observation } from '../../model/production/observation.ts';
import { periodOf } from '../../observe/period.ts';
import type { ToolOptions } from '../../options/table.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { askedChangeOf, observeFunction, type ReadingOnlooker } from '../shared/production/observeFunction.ts';

type ObserveOptions = ToolOptions<'observe'>;

/** All that can be wrong with what is asked is found before anything is read. @throws TuneError USAGE */
export function askedObservation(options: ObserveOptions, io: Pick<Io, 'now'>) {
  const named = namedFunction(options);
  const now = io.now();
  const period = periodOf(options.since, options.until, now);
  return { options, named, now, period, sinceChangeMs: askedChangeOf(options, period, now) };
}

/** With connections of its own, as a call of the package and the command both need. */
export async function observeAsked(
  asked: ReturnType<typeof askedObservation>,
  io: Io,
  watching: ReadingOnlooker,
): Promise<Observation> {
  const region = asked.options.region ?? parseFunctionRef(asked.named).region;
  const clients = await createClients({ ...clientOptions(asked.options, region), viaProxy: usesProxy(io.env) }, io);
  try {
    return await observeFunction(asked, clients, io, watching);
  } finally {
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
