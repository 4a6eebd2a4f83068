/** Texts that must never be shown: environment values, presigned URLs. */
export type Secrets = readonly string[];

/** Shorter numbers are everywhere: taking them out would leave nothing to read. */
const longNumber = 4;

/** Who complains about a payload may quote it: the whole, every text and every longer number in it. */
export function textsOf(payload: string): Secrets {
  const texts = [payload];
  try {
    JSON.parse(payload, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      if (typeof value === 'number' && String(value).length >= longNumber) texts.push(String(value));
      return value;
    });
  } catch {
    // Sent as it is; then only the whole is known.
  }
  return texts;
}

const longest = 400;

/** Shorter ones are words like any other. */
const shortest = 3;

/** Text of others without these values, as they are or as JSON writes them, and without what looks like a signed URL. */
export function withoutSecrets(text: string, secrets: Secrets): string {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= shortest));
  let kept = text;
  // Longest first, so that no value leaves the rest of a longer one behind.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) kept = kept.replaceAll(form, '***');
  return kept.replaceAll(/https?:\/\/\S*\?\S*/g, '***');
}

/** A log may write a value in JSON, and one of several lines (a key, a certificate) line by line. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= 8);
  return [secret, JSON.stringify(secret).slice(1, -1), ...(lines.length > 1 ? lines : [])];
}

/**
 * A service's own words, fit for a message: without control characters, without the function's environment values (a
 * validation error may quote all of them) or anything that looks like a signed URL, and bounded.
 */
export function quoteService(text: string, secrets: Secrets = []): string {
  const quoted = withoutSecrets(text, secrets)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  return quoted.length > longest ? `${quoted.slice(0, longest)}…` : quoted;
}
