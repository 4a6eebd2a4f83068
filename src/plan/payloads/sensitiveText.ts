/** What of a value, or of what it is called, looks like personal data or a secret: the kind, never the value. */

/** Undefined: nothing is recognised. */
export function kindOfText(text: string): string | undefined {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? numbered(text) ?? inFields(text);
}

/** By what a value is called, where it does not tell by itself. */
export function kindByName(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-. ]+/g, '_')
    .toLowerCase();
  if (positionName.test(words)) return undefined;
  if (secretName.test(words)) return 'secret by its name';
  return personalName.test(words) ? 'personal by its name' : undefined;
}

/** What stands where a value was: stars, `<token>`, `{{token}}`, `REDACTED`; and answers to a question. */
export function isPlaceholder(text: string): boolean {
  return /^(?:[*•#._-]*|x{3,}|<[^>]*>|\[[^\]]*\]|\{\{.*\}\}|\$\{.*\}|redacted|masked|removed|null|undefined|none|n\/a|true|false|yes|no)$/i.test(
    text.trim(),
  );
}

/** 13 to 16 digits with the first ones of a scheme and the check digit that all have (ISO/IEC 7812-1). */
export function isCardNumber(digits: string): boolean {
  const schemes =
    /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d)\d{12})$/;
  if (!schemes.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/**
 * Not those that documentation is given for examples (RFC 2606), `git@github.com:…`, `image@2x.png`, and packages with their
 * version.
 */
const email =
  /(?<![\p{L}\d.+-])(?!git@)[\p{L}\d_.+-]{1,64}@(?!(?:[\p{L}\d-]+\.)*example(?:\.[a-z]+)*\b)(?!\d+\.\d)(?:[\p{L}\d-]{1,63}\.)+(?!(?:png|jpe?g|gif|svg|webp|ico|css|m?js|json)\b)\p{L}{2,24}(?![\p{L}\d])/u;

const patterns: readonly (readonly [string, RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  [
    'token',
    /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|npm_\w{36}|pypi-[\w-]{40,}|xox[abeprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{16,}|sk-(?:[a-z]+-)?[\w-]{32,}|whsec_\w{24,}|AIza[\w-]{35}|SG\.[\w-]{16,}\.[\w-]{16,}|dop_v1_\w{40,}|hf_\w{30,})/,
  ],
  ['signed token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['credentials of a request', /(?:^|\bauthorization:\s*)(?:Bearer|Basic) [\w+/=.~-]{8,}/i],
  ['password in a URL', /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]{0,256}:[^\s/@]{1,256}@/i],
  ['presigned URL', /[?&]X-Amz-Signature=/i],
  ['e-mail address', email],
  // Nothing but a number with its country, or one in the middle of a text; not what adds a number to another.
  ['phone number', /(?:^|\s)\+\d[\d ()./-]{6,18}\d(?=$|[\s,.;])/],
  ['phone number', /^(?:1[ -])?\(\d{3}\) ?\d{3}-\d{4}$/],
  ['social security number', /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/],
];

/** Card numbers and bank accounts, also in a sentence; their check digits tell them from other numbers. */
function numbered(text: string): string | undefined {
  for (const [run] of text.matchAll(/(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g)) {
    if (isCardNumber(run.replaceAll(/[ -]/g, ''))) return 'card number';
  }
  for (const [run] of text.matchAll(/(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?!\w)/g)) {
    if (isBankAccount(run.replaceAll(' ', ''))) return 'bank account';
  }
  return undefined;
}

/** ISO 13616: the remainder of an IBAN that is read as a number is 1. */
function isBankAccount(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((one) => Number.parseInt(one, 36)).join('');
  return [...digits].reduce((remainder, digit) => (remainder * 10 + Number(digit)) % 97, 0) === 1;
}

/** A form is not longer; what is looked at for each of its fields takes time. */
const longestForm = 100_000;

/** `user=jo&password=x`, `token=x; path=/`: forms, query strings, settings. */
function inFields(text: string): string | undefined {
  for (const { groups } of text
    .slice(0, longestForm)
    .matchAll(/(?:^|[?&;\s])(?<name>[\w.-]{1,60})=(?<value>[^&;\s]{1,2000})/g)) {
    const value = percentDecoded(groups?.value ?? '');
    if (isPlaceholder(value)) continue;
    const kind = patterns.find(([, pattern]) => pattern.test(value))?.[0] ?? numbered(value);
    const found = kind ?? kindByName(groups?.name ?? '');
    if (found !== undefined) return found;
  }
  return undefined;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const secretName =
  /(?:^|_)(?:passwords?|passwd|password_hash|passphrase|passcode|pwd|pin(?:_?code)?|cvv|cvc|otp|secrets?|tokens?|api_?keys?|access_?key|private_?key|secret_?(?:access_?)?key|client_?secret|credentials?|authorization|cookies?|set_?cookie|session_?id|csrf)$/;
const personalName =
  /(?:^|_)(?:first_?name|last_?name|full_?name|given_?name|family_?name|middle_?name|maiden_?name|surname|birth_?date|birth_?day|date_?of_?birth|dob|ssn|social_?security(?:_?number)?|passport(?:_?number)?|driv(?:er|ing)_?licen[cs]e|national_?id|credit_?card(?:_?number)?|card_?number|iban|bank_?account(?:_?number)?|tax_?id|phone(?:_?number)?|mobile|e_?mail(?:_?address)?|street(?:_?address)?|(?:home|billing|shipping|postal)_?address)$/;
/** Where a list goes on: it opens nothing. */
const positionName = /(?:^|_)(?:next|previous|prev|page|pagination|continuation|starting|sync|resume|cursor)_?token$/;
