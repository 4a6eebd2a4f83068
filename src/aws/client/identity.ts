import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { AwsClients } from './client.ts';
import { callFailed } from './failure.ts';

/** Who the credentials belong to. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

const identitySchema = z.object({
  Account: z.string().regex(/^\d{12}$/),
  Arn: z.string().regex(/^arn:[\x21-\x7e]{1,2048}$/),
});

/** Nobody can be denied it, so what fails here are the credentials or the way. @throws TuneError CREDENTIALS, UNREACHABLE, … */
export async function callerIdentity(clients: AwsClients): Promise<CallerIdentity> {
  const call = { operation: 'STS.GetCallerIdentity', resource: '*' };
  const sts = await clients.sts();
  const answer = await sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
    throw callFailed(error, call);
  });
  const parsed = identitySchema.safeParse(answer);
  if (!parsed.success) throw callFailed(new Error('its answer names no account and user'), call);
  return { accountId: parsed.data.Account, arn: parsed.data.Arn };
}
