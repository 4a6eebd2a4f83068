import type { Configuration } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import { isExpected } from './expectedErrors.ts';

/** Why a lane is not called any more. `reason` may quote the function: escape where shown. */
export interface Infeasible {
  readonly kind: 'infeasible';
  readonly reason: string;
}

type Failed = Extract<Measurement, { outcome: 'functionError' | 'timedOut' | 'outOfMemory' }>;
type Fatality = 'outOfMemory' | 'timedOut' | 'cannotRun';

/** So many such failures in a row, and no success ever, are not bad luck. */
const failuresInARow = 3;

/**
 * Early end of a lane that cannot work, so that no more is paid for it. Measurements in the order they were made. Code
 * that the processor cannot load will not load the next time either: one such failure is enough.
 */
export function laneShouldStop(
  measurements: readonly Measurement[],
  planned?: Configuration,
  allowedErrors: readonly string[] = [],
): Infeasible | undefined {
  if (measurements.some((one) => one.outcome === 'succeeded' || isExpected(one, allowedErrors))) return undefined;
  const answered = measurements.filter(({ outcome }) => outcome !== 'unreported');
  const last = answered.slice(-failuresInARow);
  const hopeless =
    answered.some(isWrongProcessor) ||
    (last.length === failuresInARow && last.every((measurement) => fatalityOf(measurement) !== undefined));
  if (!hopeless) return undefined;
  return { kind: 'infeasible', reason: reasonOf(answered.filter(isFatal), planned) };
}

/** Why a configuration on which nothing succeeded cannot work; undefined when its failures do not say so. */
export function infeasibilityOf(
  measurements: readonly Measurement[],
  configuration: Configuration,
): string | undefined {
  const answered = measurements.filter(({ outcome }) => outcome !== 'unreported');
  const fatal = answered.filter(isFatal);
  if (fatal.length === 0 || fatal.length < answered.length) return undefined;
  return reasonOf(fatal, configuration);
}

/** Type and first line of what a function reported, at most 200 characters. */
export function errorText(measurement: Failed): string {
  const message = measurement.errorMessage?.split(/[\r\n\u2028\u2029]/, 1)[0]?.trim() ?? '';
  const text = [measurement.errorType ?? '', message].filter((part) => part !== '').join(': ');
  return text === '' ? 'an error without a message' : text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function isFatal(measurement: Measurement): measurement is Failed {
  return fatalityOf(measurement) !== undefined;
}

function fatalityOf(measurement: Measurement): Fatality | undefined {
  switch (measurement.outcome) {
    case 'succeeded':
    case 'unreported':
      return undefined;
    case 'outOfMemory':
    case 'timedOut':
      return measurement.outcome;
    case 'functionError':
      return isWrongProcessor(measurement) || cannotStart.has(measurement.errorType ?? '') ? 'cannotRun' : undefined;
  }
}

/** Error types of code that never began to run (seen in public logs, facts of the runtimes; not a closed list). */
const cannotStart: ReadonlySet<string> = new Set([
  'Runtime.ImportModuleError',
  'Runtime.InvalidEntrypoint',
  'Runtime.HandlerNotFound',
  'Runtime.UserCodeSyntaxError',
]);

/** What loaders say of a binary for another processor: kernel, glibc and musl, Node, the JVM. */
const wrongProcessor =
  /exec format error|wrong ELF class|invalid ELF header|cannot execute binary file|incompatible architecture|wrong architecture|ERR_DLOPEN_FAILED|cannot open shared object file|Error loading shared library|Can't load (?:AMD|ARM|AARCH|IA) ?\d+-bit/i;

function isWrongProcessor(measurement: Measurement): boolean {
  return measurement.outcome === 'functionError' && wrongProcessor.test(measurement.errorMessage ?? '');
}

/** The most frequent kind of failure names the reason; of equals the one that came first. */
function reasonOf(failures: readonly Failed[], configuration: Configuration | undefined): string {
  const counts = new Map<Fatality, number>();
  for (const failure of failures) {
    const kind = fatalityOf(failure);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [kind] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['cannotRun', 0] as [
    Fatality,
    number,
  ]);
  const first = failures.find((failure) => fatalityOf(failure) === kind);
  const at = configuration === undefined ? '' : ` at ${configuration.memoryMb} MB`;
  switch (kind) {
    case 'outOfMemory':
      return `out of memory${at}`;
    case 'timedOut': {
      const longestMs = Math.max(
        ...failures.map((failure) => (failure.outcome === 'timedOut' ? failure.durationMs : 0)),
      );
      const usedUp =
        configuration !== undefined && failures.every((failure) => failure.maxMemoryUsedMb >= configuration.memoryMb);
      return `timed out after ${seconds(longestMs)} s${at}${usedUp ? ' (with its memory used up)' : ''}`;
    }
    case 'cannotRun': {
      const on = configuration === undefined ? 'here' : `on ${configuration.architecture}`;
      return `cannot run ${on}: ${first === undefined ? 'unknown error' : errorText(first)}`;
    }
  }
}

function seconds(durationMs: number): string {
  return String(Math.round(durationMs / 100) / 10);
}
