import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { priorOfObservationSchema } from '../../model/production/prior.ts';
import { trafficOfObservationSchema } from '../../model/traffic.ts';
import { priorOf } from '../../plan/priorOf.ts';
import { observedQuestion, type TrafficQuestion } from '../../traffic/question.ts';
import { parseArrivals, parseRate } from '../../traffic/traffic.ts';
import { absolutePath } from './inputs.ts';

interface TrafficOptions {
  readonly traffic?: string | undefined;
  readonly observation?: string | undefined;
  readonly discount?: number | undefined;
  readonly coldShare?: number | undefined;
}

/**
 * The traffic that was asked for, read and validated before anything is looked up or paid for. Undefined where none was.
 * @throws TuneError USAGE, TRAFFIC
 */
export async function loadTraffic(options: TrafficOptions, io: Io): Promise<TrafficQuestion | undefined> {
  const { traffic, observation, discount, coldShare } = options;
  if (traffic !== undefined && observation !== undefined) {
    throw new TuneError('USAGE', '--traffic and --observation cannot be given together.', {
      hint: "An observation holds production's own traffic; --traffic is another one.",
    });
  }
  const given = traffic ?? observation;
  if (given === undefined) {
    if (discount === undefined) return undefined;
    throw new TuneError('USAGE', '--discount is of monthly bills, and there is no traffic to bill.', {
      hint: 'Add it: --traffic 1M/month --discount 12%',
    });
  }
  if (coldShare !== undefined) {
    throw new TuneError('USAGE', '--cold-share and traffic cannot be given together.', {
      hint: 'The share of cold starts follows from the traffic. Leave out --cold-share.',
    });
  }
  const question = traffic === undefined ? await observedIn(given, io) : await asked(traffic, io);
  return { ...question, discount };
}

async function asked(text: string, io: Io): Promise<TrafficQuestion> {
  const rate = parseRate(text);
  if (rate !== undefined) return { given: text.trim(), kind: 'rate', traffic: rate };
  const traffic = parseArrivals(await readText(text, io), basename(text));
  return { given: basename(text), kind: traffic.kind, traffic };
}

async function observedIn(file: string, io: Io): Promise<Omit<TrafficQuestion, 'discount'>> {
  const text = await readText(file, io);
  const refused = (why: string, cause?: unknown) =>
    new TuneError('TRAFFIC', `${file} cannot be used as an observation: ${why}.`, {
      hint: 'Write one with: tune observe --function orders --json > orders.json',
      cause,
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw refused('it is not JSON', error);
  }
  const parsed = trafficOfObservationSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(
      `${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'not valid'}`,
      parsed.error,
    );
  }
  if (parsed.data.traffic === undefined) throw refused('it holds no arrivals (its key "traffic")');
  // Bills need the arrivals alone: what a race begins by may be missing.
  const forPrior = priorOfObservationSchema.safeParse(content);
  return observedQuestion(parsed.data.traffic, basename(file), forPrior.success ? priorOf(forPrior.data) : undefined);
}

async function readText(file: string, io: Io): Promise<string> {
  return readFile(absolutePath(file, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('TRAFFIC', `Cannot read the traffic in ${file} (${error.code ?? 'unknown error'}).`, {
      hint: 'It is neither a rate (rps=20, 1M/month) nor a file that can be read.',
      cause: error,
    });
  });
}
