/** Texts that must never be shown: environment values, presigned URLs. */
export type Secrets = readonly string[];

/** A service that complains about a payload may quote it: the whole and every text in it. */
export function textsOf(payload: string): Secrets {
  const texts = [payload];
  try {
    JSON.parse(payload, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    // Sent as it is; then only the whole is known.
  }
  return texts;
}

const longest = 400;

/**
 * A service's own words, fit for a message: without control characters, without the function's environment values (a
 * validation error may quote all of them) or anything that looks like a signed URL, and bounded.
 */
export function quoteService(text: string, secrets: Secrets = []): string {
  let quoted = text;
  // Longest first, so that no value leaves the rest of a longer one behind.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= 3) quoted = quoted.replaceAll(secret, '***');
  }
  quoted = quoted
    .replaceAll(/https?:\/\/\S*\?\S*/g, '***')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  return quoted.length > longest ? `${quoted.slice(0, longest)}…` : quoted;
}
