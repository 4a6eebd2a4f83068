import type { AssumedRole } from '../../aws/client/assumedRole.ts';
import type { ClientOptions } from '../../aws/client/client.ts';
import { TuneError } from '../../base/errors.ts';
import type { RunOptions } from '../../options/options.ts';

/** Options that say as whom and through which address an account is reached: the same on every command. */
export type ReachOptions = Pick<
  RunOptions,
  'profile' | 'endpointUrl' | 'assumeRole' | 'externalId' | 'roleSessionName'
>;

export function clientOptions(options: ReachOptions, region: string | undefined): ClientOptions {
  const { profile, endpointUrl } = options;
  return { region, profile, endpointUrl, role: roleOf(options) };
}

/** @throws TuneError USAGE for what says something of a role that is not named */
function roleOf({ assumeRole: arn, externalId, roleSessionName: sessionName }: ReachOptions): AssumedRole | undefined {
  if (arn !== undefined) return { arn, externalId, sessionName };
  const given = [
    ...(externalId === undefined ? [] : ['--external-id']),
    ...(sessionName === undefined ? [] : ['--role-session-name']),
  ];
  if (given.length === 0) return undefined;
  throw new TuneError(
    'USAGE',
    `${given.join(' and ')} ${given.length === 1 ? 'says' : 'say'} something of a role, and none is named.`,
    {
      hint: 'Name it: --assume-role arn:aws:iam::123456789012:role/tune',
    },
  );
}
