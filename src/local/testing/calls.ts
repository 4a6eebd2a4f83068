/** The calls that came in, for tests: what was asked, of what, when, and how it ended. */
export interface WireCall {
  readonly index: number;
  readonly service: string;
  readonly operation: string;
  /** ARN or `*`. */
  readonly resource: string;
  /** ms since 1970, when the whole request was there. */
  readonly atMs: number;
  readonly requestId: string;
  /** `amz-sdk-invocation-id`: the same for every attempt that the SDK makes of one call. */
  readonly clientInvocationId?: string | undefined;
  /** Absent while the call runs, and when it was never answered. */
  readonly status?: number | undefined;
  /** ms since 1970, when the answer was sent or broken off. */
  readonly endedAtMs?: number;
}

export interface CallRecorder {
  add(call: Omit<WireCall, 'index'>): number;
  end(index: number, endedAtMs: number, status: number | undefined): void;
  list(): readonly WireCall[];
  /** Forgets all calls; counting starts at 0. */
  restart(): void;
}

/** An endpoint that is kept up for days must not grow: the oldest are forgotten. */
const maxCalls = 100_000;

export function createCallRecorder(): CallRecorder {
  let calls: WireCall[] = [];
  let forgotten = 0;
  return {
    add: (call) => {
      const index = forgotten + calls.length;
      calls.push({ index, ...call });
      if (calls.length > maxCalls) {
        calls = calls.slice(maxCalls / 2);
        forgotten += maxCalls / 2;
      }
      return index;
    },
    end: (index, endedAtMs, status) => {
      const call = calls[index - forgotten];
      if (call === undefined) return;
      calls[index - forgotten] = { ...call, endedAtMs, status: status ?? call.status };
    },
    list: () => calls,
    restart: () => {
      calls = [];
      forgotten = 0;
    },
  };
}
