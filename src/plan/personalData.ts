import type { Payload, Warning } from '../model/measurement.ts';
import { numberOf } from '../text/numberOf.ts';

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
  const json = parsed(body);
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

function look(value: unknown, pointer: string, key: string | undefined, depth: number, found: SensitiveValue[]): void {
  if (depth > deepest || found.length >= mostFound) return;
  if (typeof value === 'string') {
    // Queues hand over JSON as text, streams as base64.
    const inner = jsonIn(value) ?? jsonIn(decoded(value));
    const kind = kindOf(value) ?? (key === undefined || value === '' ? undefined : kindByName(key));
    if (inner !== undefined) look(inner.value, `${pointer} → `, undefined, depth + 1, found);
    else if (kind !== undefined) found.push({ pointer, kind });
    return;
  }
  if (typeof value === 'number') {
    if (isCardNumber(String(value))) found.push({ pointer, kind: 'card number' });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const ofName = Array.isArray(value) ? undefined : kindOf(name);
    if (ofName !== undefined) found.push({ pointer, kind: `${ofName} as a key` });
    const part = ofName === undefined ? name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 60) : '…';
    // A list of passwords is called by the name of the list.
    look(inner, `${pointer}/${part}`, Array.isArray(value) ? key : name, depth + 1, found);
  }
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

function decoded(text: string): string {
  if (text.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return '';
  return Buffer.from(text, 'base64').toString('utf8');
}

function kindOf(text: string): string | undefined {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? numbered(text);
}

/** Names that documentation is given for examples (RFC 2606) are nobody's. */
const email = /(?<![\w.+-])[\w.+-]{1,64}@(?!(?:[\w-]+\.)*example(?:\.[a-z]+)*\b)(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b/;

const patterns: readonly (readonly [string, RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['token', /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,}|xox[abprs]-[\w-]{10,}|sk_live_\w{16,}|glpat-[\w-]{20,})/],
  ['signed token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['credentials of a request', /^(?:Bearer|Basic) [\w+/=.~-]{8,}$/i],
  ['password in a URL', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:[^\s/@]+@/i],
  ['presigned URL', /[?&]X-Amz-Signature=/i],
  ['e-mail address', email],
  ['phone number', /^\+\d[\d ()./-]{6,18}\d$/],
  ['social security number', /^\d{3}-\d{2}-\d{4}$/],
];

function numbered(text: string): string | undefined {
  const compact = text.replaceAll(/[ -]/g, '');
  if (isCardNumber(compact)) return 'card number';
  return isBankAccount(compact) ? 'bank account' : undefined;
}

/** First digits of the large schemes, and the check digit that all of them have (ISO/IEC 7812-1). */
function isCardNumber(text: string): boolean {
  if (!/^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12})$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the remainder of an IBAN that is read as a number is 1. */
function isBankAccount(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((one) => Number.parseInt(one, 36)).join('');
  return [...digits].reduce((remainder, digit) => (remainder * 10 + Number(digit)) % 97, 0) === 1;
}

const secretName =
  /(?:^|_)(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|client_?secret|credentials?|authorization|cookies?|set_?cookie|session_?id|csrf)$/;
const personalName =
  /(?:^|_)(?:first_?name|last_?name|full_?name|surname|birth_?date|date_?of_?birth|dob|ssn|passport(?:_?number)?|iban|tax_?id|phone(?:_?number)?|mobile|e_?mail(?:_?address)?|street(?:_?address)?)$/;

/** By what a value is called, where it does not tell by itself. */
function kindByName(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  if (secretName.test(words)) return 'secret by its name';
  return personalName.test(words) ? 'personal by its name' : undefined;
}
