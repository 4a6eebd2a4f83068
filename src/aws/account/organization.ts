import { present } from '../../base/present.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';

export interface MemberAccount {
  readonly accountId: string;
  readonly name?: string | undefined;
}

/** Deeper than five levels no organization is [doc]. */
const mostLevels = 6;

/** Active accounts of an organizational unit or root, those of the units in it, too. @throws TuneError ACCESS_DENIED, … */
export async function readMemberAccounts(
  clients: AwsClients,
  parentId: string,
  signal: AbortSignal,
): Promise<readonly MemberAccount[]> {
  const { ListAccountsForParentCommand, ListOrganizationalUnitsForParentCommand } = await import(
    '@aws-sdk/client-organizations'
  );
  const client = await clients.organizations();
  const found: MemberAccount[] = [];
  let level: readonly string[] = [parentId];
  for (let depth = 0; depth < mostLevels && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const ParentId of level) {
      await paged('Organizations.ListAccountsForParent', ParentId, async (NextToken) => {
        const answer = await client.send(new ListAccountsForParentCommand(present({ ParentId, NextToken })), {
          abortSignal: signal,
        });
        for (const { Id: accountId, Name: name, State, Status } of answer.Accounts ?? []) {
          // One that is suspended or being closed has nothing that could be read.
          if (accountId !== undefined && (State ?? Status) === 'ACTIVE') found.push({ accountId, name });
        }
        return answer.NextToken;
      });
      await paged('Organizations.ListOrganizationalUnitsForParent', ParentId, async (NextToken) => {
        const answer = await client.send(
          new ListOrganizationalUnitsForParentCommand(present({ ParentId, NextToken })),
          { abortSignal: signal },
        );
        below.push(...(answer.OrganizationalUnits ?? []).flatMap(({ Id }) => Id ?? []));
        return answer.NextToken;
      });
    }
    level = below;
  }
  return found;
}

/** Ends at a token that was there before: a service that turns in circles must not hold a ranking for ever. */
async function paged(
  operation: string,
  resource: string,
  page: (token: string | undefined) => Promise<string | undefined>,
): Promise<void> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    token = await page(token).catch((error: unknown) => {
      throw callFailed(error, { operation, resource });
    });
    if (token !== undefined && seen.has(token)) return;
    if (token !== undefined) seen.add(token);
  } while (token);
}
