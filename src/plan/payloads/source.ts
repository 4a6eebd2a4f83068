import { TuneError } from '../../base/errors.ts';
import { parseSample, type SampleRequest } from '../samples/sampleEvents.ts';

/** Where `--payload` says that events come from. */
export type PayloadSource =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'stdin' }
  /** A file, or a folder of files. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'sample'; readonly sample: SampleRequest }
  /** One that the Lambda console or `sam remote test-event` shares. */
  | { readonly kind: 'testEvent'; readonly name: string }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string };

/** @throws TuneError USAGE */
export function parsePayloadSource(text: string): PayloadSource {
  if (text === '-') return { kind: 'stdin' };
  if (isTypedPayload(text)) return { kind: 'typed', text };
  const { scheme, rest = '' } = /^(?<scheme>test-event:|sample:|s3:\/\/)(?<rest>.*)$/s.exec(text)?.groups ?? {};
  switch (scheme) {
    case 'test-event:':
      return { kind: 'testEvent', name: testEventName(rest) };
    case 'sample:':
      return { kind: 'sample', sample: parseSample(rest) };
    case 's3://':
      return { kind: 'object', ...placeOf(text) };
    default:
      return { kind: 'path', path: text };
  }
}

/** JSON itself; anything else is a file or says where it is, also a file called 2024.json. */
export function isTypedPayload(text: string): boolean {
  return /^\s*([[{"]|(-?\d[\d.eE+-]*|true|false|null)?\s*$)/.test(text);
}

/** Typed or piped: neither a file of tune nor a command that it shows may hold it. */
export function isGivenByHand(text: string): boolean {
  return text === '-' || isTypedPayload(text);
}

export function isLinesFile(name: string): boolean {
  return /\.(?:jsonl|ndjson)$/i.test(name);
}

function testEventName(name: string): string {
  if (/^\P{Cc}{1,100}$/u.test(name)) return name;
  throw new TuneError('USAGE', '--payload test-event: names no test event.', {
    hint: 'Give its name as the Lambda console has it: --payload test-event:checkout',
  });
}

function placeOf(text: string): { readonly bucket: string; readonly key: string } {
  const { bucket, key } = /^s3:\/\/(?<bucket>[a-z0-9.-]{3,63})\/(?<key>.+)$/s.exec(text)?.groups ?? {};
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new TuneError('USAGE', `${text.slice(0, 200)} names no object in a bucket.`, {
    hint: 'Example: --payload s3://my-bucket/events/order.json',
  });
}
