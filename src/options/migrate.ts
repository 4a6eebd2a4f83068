import { z } from 'zod';
import { share, strings, writtenAs } from './types.ts';

const numberWithUnit = /^\d+(\.\d+)?([kM])?$/;

/** The options of `tune migrate`. */
export const migrateKeys = {
  require: z
    .enum(['cheaper', 'not-slower', 'both'], 'must be cheaper, not-slower or both')
    .optional()
    .describe('Exit code 1 where the verdict is stay or cannot, 4 where it is undecided'),
  maxSlowdown: share
    .optional()
    .describe(
      'By how much p95 may be higher and still count as not slower (default 5%). Given, p95 counts even if nothing is required',
    ),
  requestsPerMonth: z
    .preprocess(
      (raw: number | string) => (typeof raw === 'string' && numberWithUnit.test(raw) ? numberOf(raw) : raw),
      z.number('must be a number such as 3000000 or 3M').positive(),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0 },
        { type: 'string', pattern: numberWithUnit.source },
      ],
    })
    .optional()
    .describe('Names the savings per month'),
  steps: z
    .enum(
      ['cli', 'sam', 'serverless', 'cdk', 'terraform', 'all'],
      'must be cli, sam, serverless, cdk, terraform or all',
    )
    .optional()
    .describe(
      "Whose steps to print (default: of the tool that deployed the function, by its tags, else the AWS CLI's)",
    ),
  preflightOnly: z.boolean().optional().describe('Look through the package and layers; create nothing'),
  ignore: strings.optional().describe('JSON pointer to what may differ between two answers (repeatable)'),
};

function numberOf(text: string): number {
  const unit = text.endsWith('M') ? 1e6 : text.endsWith('k') ? 1e3 : 1;
  return Number.parseFloat(text) * unit;
}
