import { cbor, dateToTag } from '@smithy/core/cbor';
import { ServiceFailure, type WireAnswer } from './wire.ts';

/** The protocol `smithy-rpc-v2-cbor`: JSON's members in another form. Times are numbers in seconds in both here. */

export function cborAnswer(status: number, content: object): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: Buffer.from(cbor.serialize(content)),
  };
}

/** @param seconds since 1970 */
export function cborTime(seconds: number): unknown {
  return dateToTag(new Date(seconds * 1000));
}

/** @throws ServiceFailure SerializationException */
export function readCbor(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : withoutTags(cbor.deserialize(new Uint8Array(body)));
  } catch {
    throw new ServiceFailure(400, 'SerializationException', 'Could not parse request body.');
  }
}

/** A time is a tagged number. */
function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if ('tag' in value && 'value' in value) return withoutTags(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutTags(member)]));
}
