import type { WireCall } from '../../src/local/testing/calls.ts';

/** A call as it was asked of the endpoint, with the time it had to take: the latency put in, and the handler's time. */
export interface IdealCall extends WireCall {
  readonly idealMs: number;
}

export interface CriticalPath {
  /** The longest of all lanes, in ms. */
  readonly criticalMs: number;
  readonly describeMs: number;
  /** From the end of describing until the reference can be invoked. */
  readonly referenceMs: number;
  /** Of the longest lane: all its invocations one after another, in the chain (environment) that takes longest. */
  readonly invocationsMs: number;
  /**
   * The longest lane as if nothing else were in the run, not even a reference or a log group: one look at the target, its own
   * creation, its time in Pending, its invocations, its deletion.
   */
  readonly laneAloneMs: number;
}

/**
 * What a run cannot be shorter than, given the order that its promises impose, had nothing else taken any time: no work in
 * the client, no waiting for a turn, no pause between two looks. Every figure is the latency that was injected or the time
 * that was scripted, never a measured one. Per lane it adds up
 *
 *   1. describing the target: the longest chain of its reads, each sent after the one before was answered;
 *   2. the longer of creating the log group and downloading the code;
 *   3. the reference: its creation, its time in Pending, one look that sees it active;
 *   4. the reference's first answer, or, where that takes longer, the lane's own creation (once the reference's was
 *      accepted), Pending and look;
 *   5. the lane's invocations: of its environments, which run side by side, the longer chain;
 *   6. the deletion of its function, then of the log group, which waits for all functions, and again of the log group when
 *      the result is shown (late logs may have brought it back).
 *
 * Not in it: the start of node and of the SDK (a figure of its own), reading the logs (side by side with deleting), the wait
 * for a turn under the bound of 5 control-plane calls a second, writing the result.
 */
export function criticalPath(
  calls: readonly IdealCall[],
  { pendingMs, environments }: { readonly pendingMs: number; readonly environments: number },
): CriticalPath {
  const group = only(calls, 'CreateLogGroup');
  const creations = calls.filter(({ operation }) => operation === 'CreateFunction');
  const reference = creations.reduce((first, call) => (call.atMs < first.atMs ? call : first));
  const code = calls.find(({ operation }) => operation === 'DownloadCode');
  const before = calls.filter((call) => call.index < group.index && call !== code);
  const describeMs = longestChainMs(before);
  const referenceMs = Math.max(group.idealMs, code?.idealMs ?? 0) + readyMs(reference);
  const groupRemovalMs = sumMs(calls.filter(({ operation }) => operation === 'DeleteLogGroup'));
  const [firstAnswer] = invocationsOf(reference);
  const firstAnswerMs = firstAnswer?.idealMs ?? 0;

  const lanes = creations.map((creation) => {
    const isReference = creation === reference;
    const laterMs = reference.idealMs + readyMs(creation) - readyMs(reference);
    const openMs = isReference ? firstAnswerMs : Math.max(firstAnswerMs, laterMs);
    const own = invocationsOf(creation);
    const invocationsMs = longestMs(own.filter((call) => call !== firstAnswer));
    const deletionMs = sumMs(of(creation, 'DeleteFunction'));
    return {
      laneMs: openMs + invocationsMs + deletionMs + groupRemovalMs,
      invocationsMs,
      aloneMs: creation.idealMs + pendingMs + longestMs(own) + deletionMs,
    };
  });
  const longest = lanes.reduce((most, lane) => (lane.laneMs > most.laneMs ? lane : most));
  return {
    criticalMs: describeMs + referenceMs + longest.laneMs,
    describeMs,
    referenceMs,
    invocationsMs: longest.invocationsMs,
    laneAloneMs: (before[0]?.idealMs ?? 0) + Math.max(...lanes.map(({ aloneMs }) => aloneMs)),
  };

  function longestMs(invocations: readonly IdealCall[]): number {
    return Math.max(...chains(invocations, environments).map(sumMs));
  }

  /** Creation, Pending, and the look that saw it active. */
  function readyMs(creation: IdealCall): number {
    const looks = of(creation, 'GetFunction');
    return creation.idealMs + pendingMs + (looks.at(-1)?.idealMs ?? 0);
  }

  function invocationsOf(creation: IdealCall): readonly IdealCall[] {
    return of(creation, 'Invoke').toSorted((a, b) => a.atMs - b.atMs);
  }

  function of(creation: IdealCall, operation: string): readonly IdealCall[] {
    const name = functionNameIn(creation.resource);
    return calls.filter((call) => call.operation === operation && functionNameIn(call.resource) === name);
  }
}

/** Each call belongs to the chain that has waited shortest for it: a chain sends its next call as soon as it has its answer. */
function chains(calls: readonly IdealCall[], environments: number): readonly (readonly IdealCall[])[] {
  const open: IdealCall[][] = [];
  for (const call of calls) {
    const free = open.filter((chain) => endOf(chain) <= call.atMs);
    const own = free.toSorted((a, b) => endOf(b) - endOf(a))[0];
    if (own !== undefined && open.length === environments) own.push(call);
    else if (open.length < environments) open.push([call]);
    else throw new Error('More invocations of one lane ran side by side than it has environments.');
  }
  return open;
}

/** The heaviest sequence of calls of which each was sent after the one before was answered. */
function longestChainMs(calls: readonly IdealCall[]): number {
  const upTo = new Map<IdealCall, number>();
  for (const call of calls.toSorted((a, b) => a.atMs - b.atMs)) {
    const earlier = [...upTo].filter(([other]) => (other.endedAtMs ?? Number.POSITIVE_INFINITY) <= call.atMs);
    upTo.set(call, call.idealMs + Math.max(0, ...earlier.map(([, ms]) => ms)));
  }
  return Math.max(0, ...upTo.values());
}

function endOf(chain: readonly IdealCall[]): number {
  return chain.at(-1)?.endedAtMs ?? Number.POSITIVE_INFINITY;
}

function sumMs(calls: readonly IdealCall[]): number {
  return calls.reduce((sum, call) => sum + call.idealMs, 0);
}

function only(calls: readonly IdealCall[], operation: string): IdealCall {
  const [found, ...others] = calls.filter((call) => call.operation === operation);
  if (found === undefined || others.length > 0) throw new Error(`Not one call of ${operation}.`);
  return found;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<version>]` → name */
function functionNameIn(resource: string): string | undefined {
  return resource.split(':')[6];
}
