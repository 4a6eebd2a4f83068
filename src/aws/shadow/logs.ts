import { type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogFinding, ReportLookup } from '../../model/platform.ts';
import { parseReportLine } from '../../report-line/reportLine.ts';
import { callFailed, isNotFound } from '../client/failure.ts';
import { pause } from '../client/stopping.ts';
import { type ShadowContext, warn } from './context.ts';
import { logStreamsByRequest } from './logStreams.ts';

export interface RunLogs {
  findReport(lookup: ReportLookup, signal: AbortSignal): Promise<LogFinding>;
  environments(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

const defaultWaitMs = 60_000;
/** A log group or stream that has not appeared by then will not: the role may not write it. */
const firstEventMs = 30_000;
/** After so many calls in a row without a REPORT the next ones are hardly late; they are asked for only shortly. */
const missesBeforeShort = 3;
const shortWaitMs = 5000;
const firstPauseMs = 250;
const longestPauseMs = 8000;
/** How late the first lines of a group are waited for at the end of a run. */
const lateLogsMs = 5000;
/** Against an endpoint that never stops answering with a next page. */
const mostPages = 1000;

/**
 * Reads the run's own log group: it holds nothing but this run, so no time window is set, which a wrong clock could shift.
 * What the whole group shows (nothing may be written, nothing may be read) is remembered for the rest of the run.
 */
export function runLogs(context: ShadowContext): RunLogs {
  let hopeless: string | undefined;
  let anyEventSeen = false;
  let missed = 0;
  return {
    async findReport({ requestId }, signal) {
      if (!/^[\w-]{8,100}$/.test(requestId)) return { found: false, reason: 'the answer carried no usable request id' };
      const { clock } = context;
      const patienceMs = context.options.reportWaitMs ?? defaultWaitMs;
      const waitMs = missed >= missesBeforeShort ? Math.min(shortWaitMs, patienceMs) : patienceMs;
      const startedMs = clock.monotonicMs();
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
        if (hopeless !== undefined) return { found: false, reason: hopeless };
        try {
          const finding = await lookFor(requestId, signal);
          if (finding) {
            missed = 0;
            return finding;
          }
          const elapsedMs = clock.monotonicMs() - startedMs;
          if (elapsedMs >= Math.min(firstEventMs, waitMs) && !anyEventSeen && !(await hasEvents(signal))) {
            hopeless ??= `the execution role cannot write the log group ${context.logGroup}`;
            return { found: false, reason: hopeless };
          }
          if (elapsedMs >= waitMs) {
            missed += 1;
            return { found: false, reason: `no REPORT in the logs after ${Math.round(waitMs / 1000)} s` };
          }
          await pause(clock, pauseMs * (0.75 + 0.5 * clock.random()), signal);
        } catch (error) {
          if (signal.aborted) return { found: false, reason: 'the run stopped before its REPORT was found' };
          hopeless ??= callFailed(error, filterCall(context)).message;
          return { found: false, reason: hopeless };
        }
      }
    },
    async environments(signal) {
      try {
        const streams = await awaitStreams(signal);
        if (streams.size === 0 && !signal.aborted) warn(context, 'environments', untold(context.logGroup));
        return streams;
      } catch (error) {
        if (!signal.aborted) {
          const { message } = callFailed(error, filterCall(context));
          warn(context, 'environments', `The logs do not tell which environment served which call: ${message}`);
        }
        return new Map();
      }
    },
  };

  /** The last lines of a short run may be on their way. */
  async function awaitStreams(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const startedMs = context.clock.monotonicMs();
    for (;;) {
      const streams = logStreamsByRequest(await filter('?"REPORT RequestId" ?"platform.report"', signal));
      if (streams.size > 0 || hopeless !== undefined || context.clock.monotonicMs() - startedMs > lateLogsMs)
        return streams;
      await pause(context.clock, longestPauseMs / 8, signal);
    }
  }

  async function lookFor(requestId: string, signal: AbortSignal): Promise<LogFinding | undefined> {
    const events = await filter(`"${requestId}"`, signal);
    if (events.length > 0) anyEventSeen = true;
    // The function's own output may name the id, too: only a stream whose events hold a valid REPORT counts.
    for (const stream of new Set(events.map((event) => event.logStreamName))) {
      const log = events
        .filter((event) => event.logStreamName === stream)
        .map((event) => event.message ?? '')
        .join('\n');
      const report = parseReportLine(log, requestId);
      if (stream !== undefined && report) return { found: true, report, environment: stream };
    }
    return undefined;
  }

  async function hasEvents(signal: AbortSignal): Promise<boolean> {
    anyEventSeen ||= (await filter(undefined, signal, 1)).length > 0;
    return anyEventSeen;
  }

  /** All pages: one may be empty and still have a next. A group that does not exist has no events. */
  async function filter(
    pattern: string | undefined,
    signal: AbortSignal,
    enough = Number.POSITIVE_INFINITY,
  ): Promise<readonly FilteredLogEvent[]> {
    const events: FilteredLogEvent[] = [];
    let nextToken: string | undefined;
    for (let pages = 0; pages < mostPages && events.length < enough; pages += 1) {
      try {
        const answer = await context.clients.logs.send(
          new FilterLogEventsCommand({
            logGroupName: context.logGroup,
            filterPattern: pattern,
            nextToken,
          }),
          { abortSignal: signal },
        );
        events.push(...(answer.events ?? []));
        nextToken = answer.nextToken;
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
      if (nextToken === undefined) break;
    }
    return events;
  }
}

function untold(logGroup: string): string {
  return (
    `The log group ${logGroup} holds no REPORT, so that which environment served which call is known from cold starts alone: ` +
    'environments are called "1", "2", and one that was replaced in between is not told apart, which may make intervals too narrow. ' +
    'Usually the execution role may not write there: allow it logs:CreateLogStream and logs:PutLogEvents on /aws/lambda/tune-*.'
  );
}

function filterCall(context: ShadowContext) {
  return { operation: 'CloudWatchLogs.FilterLogEvents', resource: context.logGroup, secrets: context.secrets };
}
