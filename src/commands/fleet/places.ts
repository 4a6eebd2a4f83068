import { readFile } from 'node:fs/promises';
import { readMemberAccounts } from '../../aws/account/organization.ts';
import { partitionOf } from '../../aws/client/arn.ts';
import type { ClientOptions } from '../../aws/client/client.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { type AskedAccount, accountOfRole, parseAccounts, withRole } from '../../fleet/accounts.ts';
import type { PlaceReach } from '../../fleet/ranking.ts';
import type { ToolOptions } from '../../options/table.ts';
import { commercialRegions } from '../../pricing/pricing.ts';
import type { Connections } from '../shared/connections.ts';
import { absolutePath } from '../shared/inputs.ts';

export type RankOptions = ToolOptions<'fleet rank'>;

/** An account and region to be read. */
export interface AskedPlace {
  /** As far as it is known before anything is asked. */
  readonly reach: Pick<PlaceReach, 'accountId' | 'profile' | 'role'> & { readonly region: string | undefined };
  readonly client: ClientOptions;
}

/** Every account in every region that was asked for. @throws TuneError USAGE, ACCESS_DENIED where an organization cannot be read */
export async function placesOf(options: RankOptions, io: Io, connections: Connections): Promise<readonly AskedPlace[]> {
  const accounts = await accountsOf(options, io, connections);
  const regions = regionsOf(options);
  const { endpointUrl, externalId, roleSessionName: sessionName } = options;
  if (externalId !== undefined && accounts.every(({ role }) => role === undefined)) {
    throw new TuneError('USAGE', '--external-id says something of a role, and none is named.', {
      hint: 'Name it: --assume-role arn:aws:iam::123456789012:role/tune',
    });
  }
  return accounts.flatMap(({ accountId, profile, role }) =>
    regions.map((region) => ({
      reach: { accountId: accountId ?? accountOfRole(role) ?? '', profile, role, region },
      client: {
        region,
        profile,
        endpointUrl,
        role: role === undefined ? undefined : { arn: role, externalId, sessionName },
      },
    })),
  );
}

function regionsOf({ region }: RankOptions): readonly (string | undefined)[] {
  if (region === undefined) return [undefined];
  return region[0] === 'all' ? commercialRegions : [...new Set(region)];
}

async function accountsOf(options: RankOptions, io: Io, connections: Connections): Promise<readonly AskedAccount[]> {
  const { accounts, assumeRole: roles = [] } = options;
  const profiles = options.profile?.split(',').map((one) => one.trim()) ?? [];
  const [profile] = profiles;
  if (profiles.length > 1 && (roles.length > 0 || accounts !== undefined)) {
    throw new TuneError('USAGE', 'Several profiles do not go with roles: each profile is an account.', {
      hint: 'Give one profile, whose credentials assume the roles, or a file with --accounts.',
    });
  }
  if (accounts === undefined) {
    if (roles.some((role) => !role.startsWith('arn:'))) {
      throw new TuneError('USAGE', `--assume-role ${roles[0]} is the name of a role, and no accounts are named.`, {
        hint: 'Give the ARN of the role, or the accounts that have it: --accounts accounts.txt',
      });
    }
    if (roles.length > 0) return roles.map((role) => ({ role, profile }));
    return profiles.length === 0 ? [{}] : profiles.map((one) => ({ profile: one }));
  }
  const [role, ...others] = roles;
  if (others.length > 0) {
    throw new TuneError('USAGE', 'With --accounts one role is named, which every account has.', {
      hint: 'Accounts with roles of their own: give the ARNs of the roles in the file.',
    });
  }
  const listed = /^(ou|r)-[a-z0-9-]+$/.test(accounts)
    ? await membersOf(accounts, options, io, connections)
    : parseAccounts(await readList(accounts, io), accounts);
  const partition = partitionOf(options.region?.[0] ?? io.env.AWS_REGION ?? '');
  return listed.map((account) => {
    const reached = withRole(account, role, partition);
    // The role is assumed with the credentials of the profile.
    return reached.profile === undefined ? { ...reached, profile } : reached;
  });
}

async function membersOf(
  parentId: string,
  { profile, endpointUrl, region }: RankOptions,
  io: Io,
  connections: Connections,
): Promise<readonly AskedAccount[]> {
  const [first] = region ?? [];
  // Organizations answers in one region of the partition, which the SDK knows.
  const clients = await connections.clients({ region: first === 'all' ? 'us-east-1' : first, profile, endpointUrl });
  const members = await readMemberAccounts(clients, parentId, io.interrupted);
  if (members.length > 0) return members;
  throw new TuneError('USAGE', `There is no active account in ${parentId}.`, {
    hint: 'Name another unit or the root (r-…), or list accounts in a file.',
  });
}

async function readList(file: string, io: Io): Promise<string> {
  return readFile(absolutePath(file, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('USAGE', `Cannot read the accounts ${file} (${error.code ?? 'unknown error'}).`, {
      hint: 'Give a file with one account id or role a line, or an organizational unit such as ou-ab12-11111111.',
      cause: error,
    });
  });
}
