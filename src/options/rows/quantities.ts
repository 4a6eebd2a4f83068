import { z } from 'zod';
import { text, writtenAs } from './written.ts';

/**
 * Numbers with what they are of, as people write them: counts, shares, money, rates, times. The parameter of each conversion says
 * what may be written: the types of the package's API follow from it.
 */

const patterns = {
  digits: /^\d{1,9}$/,
  number: /^\d+(\.\d+)?$/,
  dollars: /^\$?\d+(\.\d+)?$/,
  percent: /^(\d+(?:\.\d+)?)\s*%$/,
  fraction: /^\d*\.?\d+$/,
} as const;

export const wholeNumber = ({ from: least, to: most }: { readonly from: number; readonly to: number }) =>
  z
    .preprocess(
      (raw: number | string) => (typeof raw === 'string' && patterns.digits.test(raw) ? Number(raw) : raw),
      z.int(`must be a whole number from ${least} to ${most}`).min(least).max(most),
    )
    .register(writtenAs, { anyOf: [{ type: 'integer', minimum: least, maximum: most }, text(patterns.digits)] });

const positive = { type: 'number', exclusiveMinimum: 0 } as const;

export const dollars = () =>
  z
    .preprocess(
      (raw: number | string) =>
        typeof raw === 'string' && patterns.dollars.test(raw) ? Number(raw.replace('$', '')) : raw,
      z.number('must be an amount of US$ such as 0.50').positive(),
    )
    .register(writtenAs, { anyOf: [positive, text(patterns.dollars)] });

/** A number that may be typed as text. */
export const amount = ({ must }: { readonly must: string }) =>
  z
    .preprocess(
      (raw: number | string) => (typeof raw === 'string' && patterns.number.test(raw) ? Number(raw) : raw),
      z.number(must).positive(),
    )
    .register(writtenAs, { anyOf: [positive, text(patterns.number)] });

/** A share: `10%`, or a fraction such as 0.1. A bare number above 1 is refused: it could mean either. */
const asShare = z.preprocess(
  (raw: number | string) => {
    if (typeof raw !== 'string') return raw;
    const percent = patterns.percent.exec(raw);
    if (percent) return Number(percent[1]) / 100;
    return patterns.fraction.test(raw) ? Number(raw) : raw;
  },
  z
    .number('must be a share such as 10% or 0.1')
    .min(0)
    .max(1, 'must be a share such as 10% or 0.1 (a bare number is a fraction)'),
);
const writtenShare: z.core.JSONSchema.BaseSchema = {
  anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, text(patterns.percent), text(patterns.fraction)],
};
export const share = () => asShare.clone().register(writtenAs, writtenShare);
export const shareBetween = () =>
  asShare
    .refine((fraction) => fraction > 0 && fraction < 1, 'must be a share above 0 and below 100%, such as 2%')
    .register(writtenAs, writtenShare);

const monthly = /^\$?(\d+(?:\.\d+)?)(?:\/mo(?:nth)?)?$/;
/** `$10/month`, `10`. */
export const monthlyDollars = () =>
  z.preprocess(
    (raw: number | string) => (typeof raw === 'string' && monthly.test(raw) ? Number(monthly.exec(raw)?.[1]) : raw),
    z.number('must be US$ a month such as $10/month').min(0),
  );

const numberWithUnit = /^\d+(\.\d+)?([kM])?$/;
/** `3M`, `250k`, 3000000. */
export const count = () =>
  z
    .preprocess(
      (raw: number | string) => (typeof raw === 'string' && numberWithUnit.test(raw) ? numberOf(raw) : raw),
      z.number('must be a number such as 3000000 or 3M').positive(),
    )
    .register(writtenAs, { anyOf: [positive, { type: 'string', pattern: numberWithUnit.source }] });

function numberOf(text: string): number {
  const unit = text.endsWith('M') ? 1e6 : text.endsWith('k') ? 1e3 : 1;
  return Number.parseFloat(text) * unit;
}

const rateUnitS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const ratePattern = /^(\d{1,6}(?:\.\d{1,3})?)\/([smh])$/;
/** `5/s`, `30/m`: calls per second. */
export const rate = () =>
  z
    .preprocess((raw: string | number) => {
      const [, count, unit] = (typeof raw === 'string' ? ratePattern.exec(raw) : undefined) ?? [];
      return count === undefined || unit === undefined ? raw : Number(count) / (rateUnitS[unit] ?? 1);
    }, z.number('must be a rate such as 5/s, 30/m or 600/h').positive('must be a rate above 0 such as 5/s'))
    .register(writtenAs, { anyOf: [positive, text(ratePattern)] });

const pauseUnitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const pausePattern = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)$/;
const longestPauseMs = 10 * 60_000;
/** `200ms`, `1.5s`: milliseconds. */
export const pauseMs = () =>
  z
    .preprocess(
      (raw: string | number) => {
        const [, count, unit] = (typeof raw === 'string' ? pausePattern.exec(raw) : undefined) ?? [];
        return count === undefined || unit === undefined ? raw : Number(count) * (pauseUnitMs[unit] ?? 1);
      },
      z
        .number('must be a time such as 200ms or 1.5s')
        .positive('must be a time above 0 such as 200ms')
        .max(longestPauseMs, 'must be at most 10m'),
    )
    .register(writtenAs, { anyOf: [positive, text(pausePattern)] });

const minuteMs = 60_000;
const unitMs: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs };
export const ageMs = () =>
  z
    .string()
    .regex(/^\d{1,4}[mhd]$/, 'must be an age such as 30m, 12h or 7d')
    .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? minuteMs));

export const port = () =>
  z.preprocess(
    (raw: number | string) => (typeof raw === 'string' && /^\d{1,5}$/.test(raw) ? Number(raw) : raw),
    z.int('must be a port from 0 to 65535').min(0).max(65_535, 'must be a port from 0 to 65535'),
  );
