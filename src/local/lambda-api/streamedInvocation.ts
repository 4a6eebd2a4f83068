import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ResponseListener } from '../service/execution.ts';
import { type InvocationInput, type InvocationOutcome, runInvocation } from '../service/invocation.ts';
import type { Service } from '../service/service.ts';
import type { Invoked } from './admission.ts';

/** An invocation whose answer is read while the function writes it. */
export interface StreamedInvocation {
  /** The content type that the runtime gave, at the first byte; undefined: the invocation is over and none was streamed. */
  readonly began: Promise<string | undefined>;
  /** Ends with the invocation. Who stops reading early stops nothing: the function goes on. */
  readonly chunks: AsyncIterable<Buffer>;
  readonly outcome: Promise<InvocationOutcome>;
  /** The runtime has ended its answer itself, with an error in the trailers or without. */
  isWhole(): boolean;
  /** Whatever else is sent is nobody's. */
  abandon(): void;
}

export function startStreamed(service: Service, invoked: Invoked, input: InvocationInput): StreamedInvocation {
  const chunks = new PassThrough();
  let isWhole = false;
  let begin = (_contentType: string | undefined): void => undefined;
  const began = new Promise<string | undefined>((resolve) => {
    begin = resolve;
  });
  const listener: ResponseListener = {
    began: (contentType) => begin(contentType),
    ended() {
      isWhole = true;
    },
    async chunk(bytes) {
      if (chunks.destroyed || chunks.write(bytes)) return;
      // The one that does not come is not listened for any longer.
      const heard = new AbortController();
      const { signal } = heard;
      await Promise.race([once(chunks, 'drain', { signal }), once(chunks, 'close', { signal })]).catch(() => undefined);
      heard.abort();
    },
  };
  const over = (): void => {
    begin(undefined);
    chunks.end();
  };
  const outcome = runInvocation(service, invoked.target, invoked.version, input, listener);
  outcome.then(over, over);
  return { began, chunks, outcome, isWhole: () => isWhole, abandon: () => chunks.destroy() };
}
