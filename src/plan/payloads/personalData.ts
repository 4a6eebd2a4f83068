import { gunzipped } from '../../base/gunzipped.ts';
import type { Payload } from '../../model/payload.ts';
import type { Warning } from '../../model/warning.ts';
import { numberOf } from '../../text/numberOf.ts';
import { isCardNumber, isPlaceholder, kindByName, kindOfText } from './sensitiveText.ts';

/**
 * What in a payload looks like personal data or a secret, so that it is noticed before it is sent many times over. Where it
 * is and of which kind, never what it is. A guess: what it does not find may be there all the same.
 */
export interface SensitiveValue {
  /** JSON pointer; ` → ` leads into a text that holds JSON. Keys that look sensitive themselves are left out. */
  readonly pointer: string;
  readonly kind: string;
}

const mostFound = 100;

/** In the order of the text; each place once. */
export function sensitiveValues(body: string): readonly SensitiveValue[] {
  const found: SensitiveValue[] = [];
  // A template need not be JSON before it is filled.
  const json = parsed(body) ?? parsed(body.replaceAll('{{n}}', '0'));
  if (json !== undefined) look(json.value, '', undefined, 0, found);
  return found;
}

/** One note for all payloads; undefined where nothing was found. */
export function sensitiveWarning(payloads: readonly Payload[]): Warning | undefined {
  const several = payloads.length > 1;
  const given = payloads.filter(({ isSample }) => isSample !== true);
  const found = given.flatMap(({ name, body, lines }) =>
    (lines ?? [body]).slice(0, mostBodies).flatMap((text, index) => {
      const of = several ? ` of payload "${name}"` : lines === undefined ? '' : ` of line ${index + 1}`;
      return sensitiveValues(text).map(
        ({ pointer, kind }) => `${kind} at ${pointer === '' ? 'its top' : pointer}${of}`,
      );
    }),
  );
  if (found.length === 0) return undefined;
  const more = found.length > mostNamed ? `; and ${numberOf(found.length - mostNamed, 'more', 'more')}` : '';
  const text = `The payload looks as if it held personal data or secrets: ${found.slice(0, mostNamed).join('; ')}${more}. It is sent as it is, and nothing of it is saved.`;
  return { code: 'sensitivePayload', text };
}

const mostNamed = 5;
const mostBodies = 1000;
const deepest = 100;

/** `name`: what the value is called, also where lists and wrappers stand between. */
function look(value: unknown, pointer: string, name: string | undefined, depth: number, found: SensitiveValue[]): void {
  if (depth > deepest || found.length >= mostFound) return;
  if (typeof value === 'string') {
    // Queues hand over JSON as text, streams as base64, log subscriptions packed as well.
    const plain = decoded(value);
    const inner = jsonIn(value) ?? jsonIn(plain);
    const kind = kindOfValue(value, name) ?? (plain === '' ? undefined : kindOfText(plain));
    if (inner !== undefined) look(inner.value, `${pointer} → `, undefined, depth + 1, found);
    else if (kind !== undefined) found.push({ pointer, kind });
    return;
  }
  if (typeof value === 'number') {
    const digits = String(value);
    const kind = isCardNumber(digits) && !isIdentifier(name) ? 'card number' : kindOfNumber(digits, name);
    if (kind !== undefined) found.push({ pointer, kind });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const ofKey = Array.isArray(value) ? undefined : kindOfText(key);
    if (ofKey !== undefined) found.push({ pointer, kind: `${ofKey} as a key` });
    const part = ofKey === undefined ? key.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 60) : '…';
    // A list of passwords is called by the name of the list, an attribute of a table by the name of the attribute.
    const called = Array.isArray(value) || wrappers.has(key) ? name : key;
    look(inner, `${pointer}/${part}`, called, depth + 1, found);
  }
}

/** DynamoDB's types, SQS's and SNS's attributes. */
const wrappers: ReadonlySet<string> = new Set(['S', 'N', 'SS', 'NS', 'value', 'Value', 'stringValue', 'StringValue']);

function kindOfValue(text: string, name: string | undefined): string | undefined {
  if (isPlaceholder(text)) return undefined;
  const kind = kindOfText(text);
  if (kind === 'card number' && isIdentifier(name) && /^\d+$/.test(text)) return undefined;
  return kind ?? (name === undefined ? undefined : kindByName(name));
}

/** One id in ten of those that begin like a card number has its check digit by accident. */
function isIdentifier(name: string | undefined): boolean {
  return name !== undefined && /(?:^id|_id|Id|ID)$/.test(name);
}

/** `"tokens": 512` is a count, `"pin": 4711` a secret. */
function kindOfNumber(digits: string, name: string | undefined): string | undefined {
  const kind = name === undefined || /tokens?$/i.test(name) ? undefined : kindByName(name);
  return digits.length >= 3 ? kind : undefined;
}

function jsonIn(text: string): { readonly value: unknown } | undefined {
  return /^\s*[[{]/.test(text) ? parsed(text) : undefined;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Of base64 the text, also of packed one; nothing where it is no text. */
function decoded(text: string): string {
  if (text.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return '';
  const bytes = Buffer.from(text, 'base64');
  const found = (gunzipped(bytes, mostUnpackedBytes) ?? bytes).toString('utf8');
  return /[\p{Cc}\uFFFD]/u.test(found.replaceAll(/[\t\r\n]/g, '')) ? '' : found;
}

/** No payload unpacks to more than the limit of one by good intentions. */
const mostUnpackedBytes = 16 * 1024 * 1024;
