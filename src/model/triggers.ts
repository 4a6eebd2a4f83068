import { z } from 'zod';
import type { DeepReadonly } from './readonly.ts';

/** Who calls a function, as far as its account tells: what counts for it follows from that. */
const trigger = z.strictObject({
  service: z.string().describe('Such as sqs or apigateway; url: a function URL; direct: another account or role'),
  kind: z
    .enum(['synchronous', 'batches', 'schedule', 'events'])
    .describe('synchronous: the caller waits; batches: of a queue or stream; events: asynchronous'),
  by: z.enum(['mapping', 'policy']).describe('Event source mapping, or resource policy'),
  batchSize: z.int().positive().optional(),
});

export const triggersSchema = z.array(trigger);

export type Triggers = DeepReadonly<z.infer<typeof triggersSchema>>;
export type Trigger = Triggers[number];
