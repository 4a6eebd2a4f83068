import { z } from 'zod';
import { type Architecture, architectures } from '../../model/configuration.ts';
import { isRunId } from '../../model/runId.ts';

/**
 * What options take, as people write it on a command line or in a file: one function per kind of a row. Only types are taken from
 * here by the rows, so that `--help` does not load zod.
 */

/** What a shape takes before it is converted, as JSON Schema: zod knows only what comes out of a conversion. */
export const writtenAs = z.registry<z.core.JSONSchema.BaseSchema>();

const text = (pattern: RegExp) => ({ type: 'string', pattern: pattern.source }) as const;
const list = { type: 'array', items: { type: 'string' } } as const;

const patterns = {
  digits: /^\d{1,9}$/,
  number: /^\d+(\.\d+)?$/,
  dollars: /^\$?\d+(\.\d+)?$/,
  percent: /^(\d+(?:\.\d+)?)\s*%$/,
  fraction: /^\d*\.?\d+$/,
} as const;

/** The parameter of each conversion says what may be written: the types of the package's API follow from it. */

const wholeNumber = ({ from: least, to: most }: { readonly from: number; readonly to: number }) =>
  z
    .preprocess(
      (raw: number | string) => (typeof raw === 'string' && patterns.digits.test(raw) ? Number(raw) : raw),
      z.int(`must be a whole number from ${least} to ${most}`).min(least).max(most),
    )
    .register(writtenAs, { anyOf: [{ type: 'integer', minimum: least, maximum: most }, text(patterns.digits)] });

const positive = { type: 'number', exclusiveMinimum: 0 } as const;

const dollars = () =>
  z
    .preprocess(
      (raw: number | string) =>
        typeof raw === 'string' && patterns.dollars.test(raw) ? Number(raw.replace('$', '')) : raw,
      z.number('must be an amount of US$ such as 0.50').positive(),
    )
    .register(writtenAs, { anyOf: [positive, text(patterns.dollars)] });

/** A number that may be typed as text. */
const amount = ({ must }: { readonly must: string }) =>
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
const share = () => asShare.clone().register(writtenAs, writtenShare);
const shareBetween = () =>
  asShare
    .refine((fraction) => fraction > 0 && fraction < 1, 'must be a share above 0 and below 100%, such as 2%')
    .register(writtenAs, writtenShare);

const names = /^[^=\s]+$/;
const keyValues = () =>
  z
    .preprocess(
      (raw: Readonly<Record<string, string>> | readonly string[]) => {
        if (!Array.isArray(raw)) return raw;
        const pairs: Record<string, string> = {};
        for (const item of raw) {
          const pair = typeof item === 'string' ? item : '';
          const at = pair.indexOf('=');
          // The value is never quoted in the error: it may be a secret.
          if (at < 1) return 'must be given as NAME=value';
          pairs[pair.slice(0, at)] = pair.slice(at + 1);
        }
        return pairs;
      },
      z.record(z.string().regex(names), z.string(), 'must be given as NAME=value'),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'object', propertyNames: text(names), additionalProperties: { type: 'string' } },
        { type: 'array', items: text(/^[^=\s]+=/) },
      ],
    });

const oneOf = architectures.join('|');
const architectureList = () =>
  z
    .preprocess(
      (raw: string | readonly Architecture[]) =>
        typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw,
      z.array(z.enum(architectures, `must be ${architectures.join(' or ')}`)).min(1),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'array', minItems: 1, items: { enum: [...architectures] } },
        text(new RegExp(`^\\s*(${oneOf})\\s*(,\\s*(${oneOf})\\s*)*$`)),
      ],
    });

const memory = () =>
  z
    .preprocess(
      (raw: string | number | readonly (number | string)[]) =>
        isSizes(raw) ? raw.join(',') : typeof raw === 'number' ? String(raw) : raw,
      z.string('must be a list of memory sizes such as 128,512,1024'),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'string' },
        { type: 'number' },
        { type: 'array', items: { anyOf: [{ type: 'number' }, { type: 'string' }] } },
      ],
    });

function isSizes(raw: unknown): raw is readonly (string | number)[] {
  return Array.isArray(raw) && raw.every((size) => typeof size === 'number' || typeof size === 'string');
}

const payload = () =>
  z
    .preprocess((raw) => (raw !== undefined && typeof raw !== 'string' ? JSON.stringify(raw) : raw), z.string())
    // Any JSON: what is no text is the payload itself.
    .register(writtenAs, {});

const strings = () =>
  z
    .preprocess((raw: string | readonly string[]) => (typeof raw === 'string' ? [raw] : raw), z.array(z.string()))
    .register(writtenAs, { anyOf: [list, { type: 'string' }] });

const runId = () =>
  z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/, 'must be 1 to 24 lower-case letters, digits or inner hyphens')
    // The names of shadows are read back by their parts: tune-<run>-<architecture>-<k>-<name>.
    .refine(
      (text) => !text.includes('-arm64-'),
      'must not hold "-arm64-", which separates the parts of a copy\'s name',
    );

const layerArn = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/;

const layerArns = () =>
  z
    .preprocess(
      (raw: string | readonly string[]) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw),
      z.array(z.string().regex(layerArn, 'must be ARNs of layer versions')).max(5),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'array', maxItems: 5, items: text(layerArn) },
        // One text with commas; which ARNs there may be in it is told by the program.
        text(/^\s*arn:/),
      ],
    });

const switchShape = () => z.boolean();
const textShape = ({ least = 1, most, must = 'must not be empty' }: TextTakes) =>
  most === undefined ? z.string(must).min(least, must) : z.string(must).min(least, must).max(most);
interface TextTakes {
  readonly least?: number;
  readonly most?: number;
  readonly must?: string;
}
/** An option whose value may be left out: then it is true. */
const textOrTrue = () => z.union([z.literal(true), z.string().min(1)], 'must not be empty');
const url = () => z.url('must be a URL');

type Words = readonly [string, ...string[]];
const words = ({ words: known }: { readonly words: Words }) => z.enum(known, `must be ${anyOf(known)}`);
const wordList = ({ words: known }: { readonly words: Words }) =>
  z
    .preprocess(
      (raw: string | readonly string[]) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw),
      z.array(z.enum(known, `must be of ${known.join(', ')}`)),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'array', items: { enum: [...known] } },
        { type: 'string', pattern: `^\\s*(${known.join('|')})\\s*(,\\s*(${known.join('|')})\\s*)*$` },
      ],
    });

function anyOf(known: readonly string[]): string {
  return `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
}

const numberWithUnit = /^\d+(\.\d+)?([kM])?$/;
/** `3M`, `250k`, 3000000. */
const count = () =>
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

const minuteMs = 60_000;
const unitMs: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs };
const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const roleArn = () =>
  z.string().regex(rolePattern, 'must be the ARN of a role such as arn:aws:iam::123456789012:role/tune');
/** As STS takes it. */
const externalId = () =>
  z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1,224 letters, digits or any of +=,.@:/-_');
const sessionName = () => z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits or any of +=,.@-_');

const rateUnitS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const ratePattern = /^(\d{1,6}(?:\.\d{1,3})?)\/([smh])$/;
/** `5/s`, `30/m`: calls per second. */
const rate = () =>
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
const pauseMs = () =>
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

const ageMs = () =>
  z
    .string()
    .regex(/^\d{1,4}[mhd]$/, 'must be an age such as 30m, 12h or 7d')
    .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? minuteMs));

const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const region = () => z.string().regex(regionName, 'must be a region such as eu-central-1');
const regions = () =>
  z.preprocess((raw: string | readonly string[]) => (typeof raw === 'string' ? [raw] : raw), z.array(region()).min(1));
/** `a,b`, or `all`. */
const regionList = () =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine(
      (list) => (list.length === 1 && list[0] === 'all') || list.every((one) => regionName.test(one)),
      'must be regions such as eu-west-1,us-east-1, or all',
    );

const roleName = /^[\w+=,.@/-]{1,512}$/;
/** ARNs, or the name of a role that every account has. */
const roles = () =>
  z
    .string()
    .transform((text) => text.split(/,(?=arn:)/).map((one) => one.trim()))
    .refine(
      (list) => list.every((one) => rolePattern.test(one)) || (list.length === 1 && roleName.test(list[0] ?? '')),
      'must be ARNs of roles, or with --accounts the name of one',
    );

const monthly = /^\$?(\d+(?:\.\d+)?)(?:\/mo(?:nth)?)?$/;
/** `$10/month`, `10`. */
const monthlyDollars = () =>
  z.preprocess(
    (raw: number | string) => (typeof raw === 'string' && monthly.test(raw) ? Number(monthly.exec(raw)?.[1]) : raw),
    z.number('must be US$ a month such as $10/month').min(0),
  );

const shard = () =>
  z
    .string()
    .regex(/^\d{1,4}\/\d{1,4}$/, 'must be a part of several such as 1/4')
    .transform((text) => {
      const [index, of] = text.split('/').map(Number);
      return { index: index ?? 0, of: of ?? 0 };
    })
    .refine(({ index, of }) => index >= 1 && index <= of, 'counts from 1: the parts of 4 are 1/4, 2/4, 3/4 and 4/4');

const port = () =>
  z.preprocess(
    (raw: number | string) => (typeof raw === 'string' && /^\d{1,5}$/.test(raw) ? Number(raw) : raw),
    z.int('must be a port from 0 to 65535').min(0).max(65_535, 'must be a port from 0 to 65535'),
  );
/** Of a run there was, also one whose parts have names of their own. */
const knownRun = () =>
  z.string().refine(isRunId, 'must be a run id: 1 to 24 lower-case letters, digits or inner hyphens');

/** By the kind that a row names. */
export const shapes = {
  switch: switchShape,
  text: textShape,
  textOrTrue,
  url,
  words,
  wordList,
  wholeNumber,
  amount,
  count,
  dollars,
  share,
  shareBetween,
  keyValues,
  architectures: architectureList,
  memory,
  payload,
  strings,
  runId,
  knownRun,
  layerArns,
  ageMs,
  roleArn,
  externalId,
  sessionName,
  rate,
  pauseMs,
  region,
  regions,
  regionList,
  roles,
  monthlyDollars,
  shard,
  port,
};
