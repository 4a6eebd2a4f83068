import { EventStreamCodec } from '@smithy/core/event-streams';

/** Messages of `application/vnd.amazon.eventstream`, as far as an answer is made of them. */

const text = {
  toUtf8: (bytes: Uint8Array | string) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  fromUtf8: (characters: string) => Buffer.from(characters, 'utf8'),
};
const codec = new EventStreamCodec(text.toUtf8, text.fromUtf8);

export function eventMessage(eventType: string, contentType: string, body: Uint8Array): Uint8Array {
  const header = (value: string) => ({ type: 'string', value }) as const;
  return codec.encode({
    headers: {
      ':message-type': header('event'),
      ':event-type': header(eventType),
      ':content-type': header(contentType),
    },
    body,
  });
}
