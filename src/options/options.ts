import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import { checkKeys, fleetEntryKeys } from './check.ts';
import { migrateKeys } from './migrate.ts';
import {
  commaList,
  dollars,
  keyValues,
  layerArns,
  memory,
  milliseconds,
  payload,
  runId,
  share,
  strings,
  wholeNumber,
} from './types.ts';

/**
 * Every option of a run, its shape and its default: the only place where raw input becomes typed. The config file has the
 * same keys as the flags (camelCase); flags win.
 */

export const configFileName = 'tune.config.json';

const runKeys = {
  function: z.string().min(1).optional().describe('Function name, ARN, name:qualifier, ./directory or ./package.zip'),
  memory: memory
    .optional()
    .describe(
      'Memory sizes in MB: "128,512,1024" or "all" (measured in full), "auto" (default) or "256..3008" (raced)',
    ),
  architecture: commaList.optional().describe('x86_64, arm64 or both (default)'),
  adaptive: z.boolean().optional().describe('Race a list of sizes instead of measuring each in full'),
  effort: z.enum(['quick', 'default', 'careful'], 'must be quick, default or careful').optional(),
  tolerance: share.optional().describe('Within this share of the best counts as equal (default 3%)'),
  goal: z
    .enum(['cheapest', 'fastest', 'balanced', 'all'], 'must be cheapest, fastest, balanced or all')
    .optional()
    .describe('What a race looks for (default cheapest)'),
  strategy: z
    .enum(['cost', 'speed', 'balanced'], 'must be cost, speed or balanced')
    .optional()
    .describe("The same in AWS Lambda Power Tuning's words"),
  maxP95Ms: milliseconds
    .optional()
    .describe('Only configurations that keep this 95th percentile of duration may be chosen'),
  refine: z.boolean().optional().describe('Also try sizes between the rungs where the curve promises a gain'),
  seed: wholeNumber(0, 2_147_483_647).optional().describe('Orders the calls of a race (default random, in the result)'),
  coldShare: share
    .refine((fraction) => fraction > 0 && fraction < 1, 'must be a share above 0 and below 100%, such as 2%')
    .optional()
    .describe('Compare configurations by a mixture with this share of cold starts'),
  allowError: strings.optional().describe('Function errors of this type count as answers (repeatable)'),
  continue: z
    .string()
    .min(1)
    .optional()
    .describe('A saved run of the same code, not older than a day: add samples to it'),
  coldStarts: wholeNumber(1, 1000).optional().describe('Cold starts to make per configuration'),
  invocations: wholeNumber(1, 100_000).optional().describe('Warm invocations per configuration (default 20)'),
  concurrency: wholeNumber(1, 1000)
    .optional()
    .describe('Environments per configuration (default: 2 on AWS, 1 locally)'),
  maxInFlight: wholeNumber(1, 1000).optional().describe('Invocations in flight, all configurations together'),
  payload: payload.optional().describe('JSON text, a file with JSON, or - for standard input'),
  payloads: z.string().optional().describe('File with a weighted list: [{"payload": …, "weight": 2, "name": "big"}]'),
  payloadTemplate: z.boolean().optional().describe('Replace {{uuid}} and {{n}} in every payload'),
  region: z.string().optional(),
  profile: z.string().optional(),
  endpointUrl: z.url().optional().describe('Another Lambda-compatible endpoint, for instance that of `tune local`'),
  env: keyValues.optional().describe('Variables laid over the environment of the copies'),
  handler: z.string().min(1).optional().describe('For a path: the handler'),
  runtime: z.string().min(1).optional().describe('For a path: the runtime'),
  timeout: wholeNumber(1, 900).optional().describe('For a path: the timeout in seconds (default 30)'),
  tag: keyValues.optional().describe('Further tags for the copies'),
  copyTags: z.boolean().optional().describe('Give the copies the tags of the function, too (default true)'),
  price: z.string().optional().describe('US$: x86_64=…,arm64=…,request=…'),
  maxErrorShare: share.optional().describe('Function errors above this share disqualify a configuration (default 10%)'),
  maxSpendUsd: dollars.optional().describe("The run stops before Lambda's charges can exceed it"),
  stagingBucket: z.string().min(3).optional().describe('S3 bucket for packages over 50 MB'),
  x86Code: z.string().min(1).optional().describe('Build for x86_64: a folder, zip or s3://bucket/key'),
  arm64Code: z.string().min(1).optional().describe('Build for arm64: a folder, zip or s3://bucket/key'),
  x86Layers: layerArns.optional().describe("Layers for x86_64 in place of the function's"),
  arm64Layers: layerArns.optional().describe("Layers for arm64 in place of the function's"),
  x86Image: z.string().optional().describe('Image URI of the x86_64 build'),
  arm64Image: z.string().optional().describe('Image URI of the arm64 build'),
  ignoreReservedConcurrency: z.boolean().optional().describe('Go on although the target reserves a concurrency of 0'),
  dryRun: z.boolean().optional(),
  yes: z.boolean().optional(),
  json: z.boolean().optional(),
  report: strings.optional().describe('<format>[=<file>], repeatable'),
  runId: runId.optional(),
  quiet: z.boolean().optional(),
  color: z.boolean().optional(),
};

/** One function of a fleet: what may differ from one to the next. */
const fleetEntry = z.strictObject({
  function: z
    .string()
    .min(1)
    .describe(runKeys.function.description ?? ''),
  memory: runKeys.memory,
  architecture: runKeys.architecture,
  payload: runKeys.payload,
  payloads: runKeys.payloads,
  payloadTemplate: runKeys.payloadTemplate,
  env: runKeys.env,
  region: runKeys.region,
  price: runKeys.price,
  coldShare: runKeys.coldShare,
  allowError: runKeys.allowError,
  maxP95Ms: runKeys.maxP95Ms,
  maxSpendUsd: runKeys.maxSpendUsd,
  handler: runKeys.handler,
  runtime: runKeys.runtime,
  timeout: runKeys.timeout,
  ...fleetEntryKeys,
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  ...runKeys,
  ...checkKeys,
  ...migrateKeys,
  functions: z.array(fleetEntry).min(1).optional().describe('For `tune check`: all of them, each with its own limits'),
});

/** Options of one run as they were given: file below flags, validated, without defaults that depend on the target. */
export type RunOptions = z.infer<typeof configSchema>;

/**
 * Validates the config file's content and the flags against the schema; flags win.
 * Throws TuneError CONFIG or USAGE naming the key, what is wrong with it and the nearest known key.
 */
export function resolveOptions(
  file: { readonly name: string; readonly content: unknown } | undefined,
  flags: object,
): RunOptions {
  const fromFile = file === undefined ? {} : parse(file.content, `Config file ${file.name}`, 'CONFIG');
  return { ...fromFile, ...parse(flags, 'Options', 'USAGE') };
}

/** Validates what a program gives in place of a config file. @throws TuneError CONFIG naming the key */
export function parseOptions(given: unknown): RunOptions {
  return parse(given, 'Options', 'CONFIG');
}

function parse(raw: unknown, where: string, code: 'CONFIG' | 'USAGE'): RunOptions {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw new TuneError(code, `${where}: "${key}" is not an option.`, {
      hint: `Did you mean "${nearest(key, Object.keys(configSchema.shape))}"?`,
    });
  }
  const path = issue?.path.map(String).join('.') ?? '';
  const name = code === 'USAGE' ? flagName(String(issue?.path[0] ?? '')) : path;
  throw new TuneError(code, `${where}: ${name} ${issue?.message ?? 'is not valid'}.`, {
    hint: 'tune --help lists every option with an example.',
  });
}

/** The known word with the smallest edit distance. */
export function nearest(word: string, known: readonly string[]): string {
  return known.reduce((best, candidate) => (distance(word, candidate) < distance(word, best) ? candidate : best));
}

function flagName(key: string): string {
  return `--${key.replace(/([A-Z]|\d+(?=\D|$))/g, (part) => (/\d/.test(part) ? part : `-${part.toLowerCase()}`))}`;
}
