import { z } from 'zod';

/** The shapes that options are made of, as people write them on a command line or in a file. */

export const wholeNumber = (least: number, most: number) =>
  z.preprocess(
    (raw) => (typeof raw === 'string' && /^\d{1,9}$/.test(raw) ? Number(raw) : raw),
    z.int(`must be a whole number from ${least} to ${most}`).min(least).max(most),
  );

export const dollars = z.preprocess(
  (raw) => (typeof raw === 'string' && /^\$?\d+(\.\d+)?$/.test(raw) ? Number(raw.replace('$', '')) : raw),
  z.number('must be an amount of US$ such as 0.50').positive(),
);

/** A share: `10%`, or a fraction such as 0.1. A bare number above 1 is refused: it could mean either. */
export const share = z.preprocess(
  (raw) => {
    if (typeof raw !== 'string') return raw;
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(raw);
    if (percent) return Number(percent[1]) / 100;
    return /^\d*\.?\d+$/.test(raw) ? Number(raw) : raw;
  },
  z
    .number('must be a share such as 10% or 0.1')
    .min(0)
    .max(1, 'must be a share such as 10% or 0.1 (a bare number is a fraction)'),
);

export const milliseconds = z.preprocess(
  (raw) => (typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw),
  z.number('must be a number of milliseconds').positive(),
);

const names = /^[^=\s]+$/;
export const keyValues = z.preprocess(
  (raw) => {
    if (!Array.isArray(raw)) return raw;
    const pairs: Record<string, string> = {};
    for (const item of raw) {
      const text = typeof item === 'string' ? item : '';
      const at = text.indexOf('=');
      // The value is never quoted in the error: it may be a secret.
      if (at < 1) return 'must be given as NAME=value';
      pairs[text.slice(0, at)] = text.slice(at + 1);
    }
    return pairs;
  },
  z.record(z.string().regex(names), z.string(), 'must be given as NAME=value'),
);

export const commaList = z.preprocess(
  (raw) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw),
  z.array(z.enum(['x86_64', 'arm64'], 'must be x86_64 or arm64')).min(1),
);

export const memory = z.preprocess(
  (raw) => (isSizes(raw) ? raw.join(',') : typeof raw === 'number' ? String(raw) : raw),
  z.string('must be a list of memory sizes such as 128,512,1024'),
);

function isSizes(raw: unknown): raw is readonly (string | number)[] {
  return Array.isArray(raw) && raw.every((size) => typeof size === 'number' || typeof size === 'string');
}

export const payload = z.preprocess(
  (raw) => (raw !== undefined && typeof raw !== 'string' ? JSON.stringify(raw) : raw),
  z.string(),
);

export const strings = z.preprocess((raw) => (typeof raw === 'string' ? [raw] : raw), z.array(z.string()));

export const runId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/, 'must be 1 to 24 lower-case letters, digits or inner hyphens')
  // The names of shadows are read back by their parts: tune-<run>-<architecture>-<k>-<name>.
  .refine((text) => !text.includes('-arm64-'), 'must not hold "-arm64-", which separates the parts of a copy\'s name');

export const layerArns = z.preprocess(
  (raw) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw),
  z
    .array(z.string().regex(/^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/, 'must be ARNs of layer versions'))
    .max(5),
);
