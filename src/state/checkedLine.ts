import { createHash } from 'node:crypto';
import { jsonOf } from '../text/jsonOf.ts';

/**
 * Lines of files that processes may be killed over: each is JSON with a checksum of its own, so that a line which was cut
 * short or damaged is known as such and costs no other. Against accidents, not against people: whoever can write the file
 * can write a checksum.
 */
export function checkedLine(entry: object): string {
  const text = JSON.stringify(entry);
  return `{"sum":"${checksum(text)}","entry":${text}}`;
}

const linePattern = /^\{"sum":"([0-9a-f]{16})","entry":(\{.*\})\}$/;

/** Undefined: not a whole line of ours. */
export function entryOf(line: string): unknown {
  const [, sum, text] = linePattern.exec(line) ?? [];
  return text === undefined || sum !== checksum(text) ? undefined : jsonOf(text);
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
