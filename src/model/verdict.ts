import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { configurationSchema } from './configuration.ts';

const configuration = configurationSchema.describe('The one that was judged; today’s setting was compared with it');
const reason = z.string().describe('A clause in plain English. May quote the function: untrusted text');

/** p95 that is so much higher is not slower yet, where nobody says how much may be. A fraction. */
export const usualMaxSlowdown = 0.05;

/**
 * The one answer of a migration. Made once (judgeMigration) and saved: headlines, savings, steps, `--require` and the exit
 * code are read off it, and nothing that shows a migration compares figures again.
 */
export const verdictSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('move'),
    because: z.enum(['cheaper', 'cheaperNotSlower', 'cheaperButSlower', 'notSlower']),
    configuration,
    reason,
  }),
  z.strictObject({
    kind: z.literal('stay'),
    because: z.enum(['dearer', 'noSaving', 'slower']),
    configuration,
    reason,
  }),
  z.strictObject({
    kind: z.literal('cannot'),
    because: z
      .enum(['notReady', 'otherSideFails', 'ownSideFails'])
      .describe('notReady: the preflight; ownSideFails: it could not be measured on the architecture that it has'),
    configuration: configuration.optional(),
    reason,
  }),
  z.strictObject({
    kind: z.literal('undecided'),
    because: z.enum([
      'costNotTold',
      'speedNotTold',
      'answersDiffer',
      'tooFewCalls',
      'spendCap',
      'interrupted',
      'failed',
      'projected',
      'notMeasured',
    ]),
    configuration: configuration.optional(),
    reason,
  }),
]);

export type MigrationVerdict = DeepReadonly<z.infer<typeof verdictSchema>>;

/** What the verdict says of what `--require` asks: only what was shown is met. */
export function requirementDecided({ kind }: Pick<MigrationVerdict, 'kind'>): 'holds' | 'fails' | 'inconclusive' {
  if (kind === 'move') return 'holds';
  return kind === 'undecided' ? 'inconclusive' : 'fails';
}
