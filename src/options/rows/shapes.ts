import { z } from 'zod';
import { type Architecture, architectures } from '../../model/configuration.ts';
import { isRunId } from '../../model/runId.ts';
import { externalId, layerArns, region, regionList, regions, roleArn, roles, sessionName } from './awsNames.ts';
import {
  ageMs,
  amount,
  count,
  dollars,
  monthlyDollars,
  pauseMs,
  port,
  rate,
  share,
  shareBetween,
  wholeNumber,
} from './quantities.ts';
import { text, writtenAs } from './written.ts';

/**
 * What options take, as people write it on a command line or in a file: one function per kind of a row. Only types are taken from
 * here by the rows, so that `--help` does not load zod.
 */

const list = { type: 'array', items: { type: 'string' } } as const;

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

const shard = () =>
  z
    .string()
    .regex(/^\d{1,4}\/\d{1,4}$/, 'must be a part of several such as 1/4')
    .transform((text) => {
      const [index, of] = text.split('/').map(Number);
      return { index: index ?? 0, of: of ?? 0 };
    })
    .refine(({ index, of }) => index >= 1 && index <= of, 'counts from 1: the parts of 4 are 1/4, 2/4, 3/4 and 4/4');

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
