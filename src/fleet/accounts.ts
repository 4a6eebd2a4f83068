import { z } from 'zod';
import { TuneError } from '../base/errors.ts';
import { jsonOf } from '../text/jsonOf.ts';

/** An account, and how it is reached. */
export interface AskedAccount {
  readonly accountId?: string | undefined;
  readonly profile?: string | undefined;
  readonly role?: string | undefined;
}

const accountId = z.string().regex(/^\d{12}$/, 'must be twelve digits');
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/, 'must be the ARN of a role');
const entry = z.union([
  accountId.transform((id) => ({ accountId: id, profile: undefined, role: undefined })),
  roleArn.transform((role) => ({ accountId: undefined, profile: undefined, role })),
  z.strictObject({ accountId: accountId.optional(), profile: z.string().min(1).optional(), role: roleArn.optional() }),
]);
const listSchema = z.array(entry).min(1);

/**
 * A file of accounts: JSON, `["111111111111", {"role": "arn:…"}]`, or one account id or role on each line.
 * @throws TuneError USAGE
 */
export function parseAccounts(text: string, shown: string): readonly AskedAccount[] {
  const parsed = listSchema.safeParse(contentOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const nth = issue?.path[0];
  throw new TuneError(
    'USAGE',
    `${shown} is no list of accounts${typeof nth === 'number' ? `: entry ${nth + 1} is none` : ''}.`,
    { hint: 'One account id (twelve digits) or ARN of a role on each line, or a JSON list of them.' },
  );
}

function contentOf(text: string): unknown {
  if (/^\s*\[/.test(text)) return jsonOf(text);
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
}

/**
 * `role` of an account: a name, or an ARN whose account is replaced. Who names neither reaches it with the caller's own
 * credentials, which are for one account alone. @throws TuneError USAGE
 */
export function withRole(account: AskedAccount, role: string | undefined, partition: string): AskedAccount {
  if (account.role !== undefined || account.profile !== undefined) return account;
  if (role === undefined) {
    throw new TuneError('USAGE', `Account ${account.accountId} is reached through a role, and none is named.`, {
      hint: 'Name the role that every account has: --assume-role tune',
    });
  }
  const own = role.startsWith('arn:')
    ? role.replace(/::\d{12}:/, `::${account.accountId}:`)
    : `arn:${partition}:iam::${account.accountId}:role/${role}`;
  return { ...account, role: own };
}

export function accountOfRole(role: string | undefined): string | undefined {
  return /^arn:[a-z-]+:iam::(\d{12}):/.exec(role ?? '')?.[1];
}
