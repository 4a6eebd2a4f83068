interface LogEvent {
  readonly message?: string | undefined;
  readonly logStreamName?: string | undefined;
}

/**
 * Request id → log stream, from all REPORTs of a log group (text, or `platform.report` in JSON). A function can print a
 * REPORT with another's request id: an id that two streams claim is left out.
 */
export function logStreamsByRequest(events: readonly LogEvent[]): ReadonlyMap<string, string> {
  const streams = new Map<string, string>();
  const contested = new Set<string>();
  for (const { message, logStreamName } of events) {
    if (message === undefined || logStreamName === undefined) continue;
    for (const requestId of requestIdsIn(message)) {
      const known = streams.get(requestId);
      if (known !== undefined && known !== logStreamName) contested.add(requestId);
      streams.set(requestId, logStreamName);
    }
  }
  for (const requestId of contested) streams.delete(requestId);
  return streams;
}

/** One event is one line of output; a REPORT may be glued to output that ended without a newline. */
function requestIdsIn(message: string): readonly string[] {
  const text = [...message.matchAll(/REPORT RequestId:[\t ]*([\w-]{8,100})(?=\s)/g)].flatMap((match) => match[1] ?? []);
  if (!message.includes('platform.report')) return text;
  const json = [...message.matchAll(/"requestId"\s*:\s*"([\w-]{8,100})"/g)].flatMap((match) => match[1] ?? []);
  return [...text, ...json];
}
