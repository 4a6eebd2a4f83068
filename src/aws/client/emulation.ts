import { IncomingMessage } from 'node:http';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Architecture } from '../../model/configuration.ts';
import type { Emulation } from '../../model/functionFacts.ts';
import type { CalmPace, HostTime } from '../../model/measurement.ts';

/** How tune's own endpoint marks its answers. A response header, because nothing that a function prints can reach it. */
const emulationHeader = 'x-tune-local';

interface EmulationNote {
  readonly emulation: Emulation;
  /** With the answer of an invocation. */
  readonly hostTime?: HostTime | undefined;
}

/** Reads `architectures=x86_64,arm64; cpu=cgroup; cores=2; contended=0.12; raw=31.02; busy=25.10; cpu-time=24.871; reference=0.1312; fastest=0.0831; error=0.0210; calm=0.0240; calm-runs=3; calm-seen=2026-11-29T14:02:03.000Z; follows=0:0.5210:0.1100,1:1.1500:0.0800`. Undefined unless all of it makes sense. */
export function parseEmulationHeader(text: string): EmulationNote | undefined {
  const fields = new Map(text.split(';').map((part) => split(part.trim())));
  const architectures = (fields.get('architectures') ?? '').split(',').map((name) => name.trim());
  const cpu = fields.get('cpu');
  const cores = Number(fields.get('cores'));
  if (!architectures.every(isArchitecture) || !(cores > 0 && cores <= 10_000)) return undefined;
  if (cpu !== 'cgroup' && cpu !== 'modelled' && cpu !== 'none') return undefined;
  const contendedShare = Number(fields.get('contended'));
  const rawDurationMs = Number(fields.get('raw'));
  const isKnown = contendedShare >= 0 && contendedShare <= 1 && rawDurationMs >= 0 && rawDurationMs <= longestMs;
  return {
    emulation: { architectures, cpu, cores },
    hostTime: isKnown && fields.has('raw') ? { rawDurationMs, contendedShare, ...paceOf(fields) } : undefined,
  };
}

/** Where a reference loop could be run. */
function paceOf(fields: ReadonlyMap<string, string>): Pick<HostTime, 'pace'> {
  const [busyMs, cpuMs] = [Number(fields.get('busy')), Number(fields.get('cpu-time'))];
  const [referenceMs, fastestMs] = [Number(fields.get('reference')), Number(fields.get('fastest'))];
  const [error, loop] = [Number(fields.get('error')), Number(fields.get('loop'))];
  const areTimes = error >= 0 && [busyMs, cpuMs].every((ms) => ms >= 0 && ms <= longestMs);
  const isKnown =
    areTimes &&
    Number.isInteger(loop) &&
    loop > 0 &&
    fastestMs > 0 &&
    referenceMs >= fastestMs &&
    referenceMs <= longestMs;
  return isKnown ? { pace: { busyMs, cpuMs, loop, referenceMs, fastestMs, error, ...calmOf(fields) } } : {};
}

/** Where earlier runs told. */
function calmOf(fields: ReadonlyMap<string, string>): { readonly calm?: CalmPace } {
  const [referenceMs, runs] = [Number(fields.get('calm')), Number(fields.get('calm-runs'))];
  const lastSeenAt = fields.get('calm-seen') ?? '';
  const isKnown = referenceMs > 0 && referenceMs <= longestMs && Number.isInteger(runs) && runs > 0;
  return isKnown && isMoment(lastSeenAt) ? { calm: { referenceMs, runs, lastSeenAt, follows: followsOf(fields) } } : {};
}

/** Where earlier runs had the same code: `range:slope:error`, with commas between them. */
function followsOf(fields: ReadonlyMap<string, string>): CalmPace['follows'] {
  const told = (fields.get('follows') ?? '').split(',').map((one) => one.split(':').map(Number));
  const ranges = told.map(([range = -1, slope = -1, error = -1]) => ({ range, slope, error }));
  const areAll = ranges.every(
    ({ range, slope, error }) =>
      Number.isInteger(range) && range >= 0 && slope >= 0 && slope <= steepest && error > 0 && error <= 1,
  );
  return areAll ? ranges : undefined;
}

const steepest = 10;

/** As `toISOString` writes it. */
function isMoment(text: string): boolean {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}

/** A day: no call takes as long. */
const longestMs = 86_400_000;

function split(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}

function isArchitecture(name: string): name is Architecture {
  return name === 'x86_64' || name === 'arm64';
}

/** Next to the wire (priority low), so that answers which the SDK turns into errors are read as well. */
export function readEmulation(client: LambdaClient, note: (note: EmulationNote, requestId: unknown) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const headers = headersOf(result.response);
      const requestId = headers['x-amzn-requestid'];
      const hear = (text: unknown) => {
        const read = typeof text === 'string' ? parseEmulationHeader(text) : undefined;
        if (read) note(read, requestId);
      };
      hear(headers[emulationHeader]);
      whenReceived(result.response, (trailers) => hear(trailers[emulationHeader]));
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'tuneEmulation' },
  );
}

function headersOf(response: unknown): Readonly<Record<string, unknown>> {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  const { headers } = response;
  return typeof headers === 'object' && headers !== null ? { ...headers } : {};
}

/** What an answer took is known when it was streamed to its end. */
function whenReceived(response: unknown, hear: (trailers: Readonly<Record<string, unknown>>) => void): void {
  if (typeof response !== 'object' || response === null || !('body' in response)) return;
  const { body } = response;
  if (body instanceof IncomingMessage) body.once('end', () => hear(body.trailers));
}

/** What the endpoint said last of itself, and of the time of each call until it is asked for. */
export function emulationNotes() {
  let latest: Emulation | undefined;
  const hostTimes = new Map<unknown, HostTime>();
  return {
    note({ emulation, hostTime }: EmulationNote, requestId: unknown) {
      latest = emulation;
      if (hostTime !== undefined) hostTimes.set(requestId, hostTime);
    },
    emulation: () => latest,
    hostTimeOf(requestId: string) {
      const found = hostTimes.get(requestId);
      hostTimes.delete(requestId);
      return found;
    },
  };
}
