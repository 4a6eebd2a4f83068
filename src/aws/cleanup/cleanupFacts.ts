import { ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import pLimit from 'p-limit';
import { TuneError } from '../../base/errors.ts';
import type { JournaledResource } from '../../state/journalFormat.ts';
import type { AccountContext } from '../account/accountContext.ts';
import {
  abortable,
  type FoundByName,
  type ListedLogGroup,
  listFunctions,
  listLogGroups,
  listLogStreams,
} from '../account/accountLists.ts';
import { checkedFunction } from '../client/answers.ts';
import { accountOf, functionArn, logGroupArn } from '../client/arn.ts';
import { callFailed, isDenied, isNotFound } from '../client/failure.ts';
import { isStreamOfRun, isTaggedFor, parseRunLogGroup, parseShadowName, shadowPrefix } from '../client/names.ts';
import type { CleanupFacts, CleanupJournal, FoundFunction, FoundLogGroup, Tags } from './cleanupModel.ts';

export interface Survey {
  readonly facts: CleanupFacts;
  /** Of another account than the one that answers: of what they name nothing can be said. */
  readonly otherAccounts: readonly CleanupJournal[];
  /** Why something could not be listed; what journals name was looked up all the same. */
  readonly refused: readonly TuneError[];
}

/** Calls side by side; the clients keep the rate. */
const together = 5;
/** How long a call whose sender was killed may take to show its effect [infer]. */
const settleMs = 5000;

/** Reads whatever may be tune's in this account and region; tags only of names that match. */
export async function surveyRegion(context: AccountContext, journals: readonly CleanupJournal[]): Promise<Survey> {
  const refused: TuneError[] = [];
  const unlessDenied = async <T>(call: Promise<T>): Promise<T | undefined> =>
    call.catch((error: unknown) => {
      if (!(error instanceof TuneError) || error.code !== 'ACCESS_DENIED') throw error;
      refused.push(error);
      return undefined;
    });
  // Groups first: a run that makes its first function in between is then seen with both.
  const groups = await unlessDenied(listLogGroups(context));
  const functions = await unlessDenied(listFunctions(context));
  const accountId = [...(functions ?? []), ...(groups ?? [])].map(({ arn }) => accountOf(arn)).find(Boolean);
  const isOwn = await Promise.all(journals.map((journal) => isOfAccount(context, journal, accountId)));
  const own = journals.filter((_, index) => isOwn[index]);
  return {
    facts: await gather(context, own, functions, groups),
    otherAccounts: journals.filter((_, index) => !isOwn[index]),
    refused,
  };
}

/** Reads only what these journals name; lists nothing. They have to be of the account that answers. */
export function surveyJournals(context: AccountContext, journals: readonly CleanupJournal[]): Promise<CleanupFacts> {
  return gather(context, journals, undefined, undefined);
}

/** Tags of one function. Undefined: not readable. */
export async function readFunctionTags(context: AccountContext, arn: string): Promise<Tags | undefined | 'gone'> {
  return tagsOr('Lambda.ListTags', arn, async () => {
    const { Tags: tags = {} } = await context.clients.lambda.send(
      new ListTagsCommand({ Resource: arn }),
      abortable(context),
    );
    return tags;
  });
}

async function gather(
  context: AccountContext,
  journals: readonly CleanupJournal[],
  listedFunctions: readonly FoundByName[] | undefined,
  listedGroups: readonly ListedLogGroup[] | undefined,
): Promise<CleanupFacts> {
  const limit = pLimit(together);
  const functions = new Map<string, Candidate>();
  for (const { name, arn } of listedFunctions ?? []) if (parseShadowName(name)) functions.set(name, { arn });
  const groups = new Map<string, Candidate & Partial<ListedLogGroup>>();
  for (const group of listedGroups ?? []) if (parseRunLogGroup(group.name)) groups.set(group.name, group);
  for (const { runId, contents } of journals) {
    const { region, accountId } = contents.header ?? {};
    if (region === undefined || accountId === undefined) continue;
    for (const entry of contents.resources) {
      const { resource } = entry;
      if (
        resource.kind === 'function' &&
        parseShadowName(resource.name)?.runId === runId &&
        !functions.has(resource.name)
      ) {
        functions.set(resource.name, { arn: functionArn(region, accountId, resource.name), entry });
      }
      if (resource.kind === 'logGroup' && parseRunLogGroup(resource.name) === runId && !groups.has(resource.name)) {
        groups.set(resource.name, { arn: logGroupArn(region, accountId, resource.name), entry });
      }
    }
  }
  const taken = new Set((listedFunctions ?? []).map(({ name }) => name));
  const found = await Promise.all([
    ...[...functions].map(([name, candidate]) => limit(() => findFunction(context, name, candidate))),
    ...[...groups].map(([name, candidate]) => limit(() => findLogGroup(context, name, candidate, taken))),
  ]);
  return {
    region: context.clients.region,
    journals,
    functions: found.filter((each) => each !== undefined).filter((each): each is FoundFunction => 'arn' in each),
    logGroups: found.filter((each) => each !== undefined).filter((each): each is FoundLogGroup => !('arn' in each)),
    functionsListed: listedFunctions !== undefined,
  };
}

interface Candidate {
  readonly arn: string;
  /** Of a thing that only a journal names. */
  readonly entry?: JournaledResource;
}

async function findFunction(
  context: AccountContext,
  name: string,
  candidate: Candidate,
): Promise<FoundFunction | undefined> {
  const { arn } = candidate;
  const tags = await onceSettled(context, candidate, () => readFunctionTags(context, arn));
  if (tags === 'gone') return undefined;
  const logGroup = tags === undefined ? await readLogGroup(context, arn) : undefined;
  return { name, arn, tags, logGroup };
}

/** Who may not read tags may read the configuration. */
async function readLogGroup(context: AccountContext, arn: string): Promise<string | undefined> {
  try {
    const answer = await context.clients.lambda.send(new GetFunctionCommand({ FunctionName: arn }), abortable(context));
    return checkedFunction(answer).Configuration?.LoggingConfig?.LogGroup;
  } catch (error) {
    if (isNotFound(error) || isDenied(error)) return undefined;
    throw callFailed(error, { operation: 'Lambda.GetFunction', resource: arn });
  }
}

async function findLogGroup(
  context: AccountContext,
  name: string,
  candidate: Candidate & Partial<ListedLogGroup>,
  functionNames: ReadonlySet<string>,
): Promise<FoundLogGroup | undefined> {
  const { arn, createdAt } = candidate;
  const tags = await onceSettled(context, candidate, () =>
    tagsOr('CloudWatchLogs.ListTagsForResource', arn, async () => {
      const answer = await context.clients.logs.send(
        new ListTagsForResourceCommand({ resourceArn: arn }),
        abortable(context),
      );
      return answer.tags ?? {};
    }),
  );
  if (tags === 'gone') return undefined;
  const found = { name, tags, createdAt };
  const runId = parseRunLogGroup(name) ?? '';
  if (tags !== undefined && isTaggedFor(tags, runId)) return found;
  const writers = await writersOf(context, name, runId, functionNames);
  return { ...found, writers };
}

async function writersOf(
  context: AccountContext,
  name: string,
  runId: string,
  functionNames: ReadonlySet<string>,
): Promise<NonNullable<FoundLogGroup['writers']>> {
  if (functionNames.has(`${shadowPrefix}${runId}`)) return 'others';
  try {
    const streams = await listLogStreams(context, name);
    if (streams.length === 0) return 'nobody';
    return streams.every((stream) => isStreamOfRun(stream, runId)) ? 'shadows' : 'others';
  } catch (error) {
    if (error instanceof TuneError && error.code === 'ACCESS_DENIED') return 'unreadable';
    throw error;
  }
}

/** A thing that was about to be made when its maker was killed may appear a moment later: looks twice. */
async function onceSettled(
  context: AccountContext,
  { entry }: Candidate,
  look: () => Promise<Tags | undefined | 'gone'>,
): Promise<Tags | undefined | 'gone'> {
  const seen = await look();
  if (seen !== 'gone' || entry === undefined || entry.made) return seen;
  const sinceMs = context.clock.now().getTime() - new Date(entry.intendedAt).getTime();
  if (sinceMs >= settleMs) return seen;
  await context.clock.sleep(Math.min(settleMs - sinceMs, settleMs), context.signal);
  return look();
}

/**
 * Without a list the account is asked for a function that does not exist, by its ARN (called as copies are, so that the policy
 * of `tune policy` allows it): only the account itself answers that
 * there is none, all others may not ask [infer].
 */
async function isOfAccount(
  context: AccountContext,
  journal: CleanupJournal,
  accountId: string | undefined,
): Promise<boolean> {
  const owner = journal.contents.header?.accountId;
  if (owner === undefined) return true;
  if (accountId !== undefined) return owner === accountId;
  return (
    (await readFunctionTags(context, functionArn(context.clients.region, owner, 'tune-account-x86_64-1-none'))) !==
    undefined
  );
}

async function tagsOr(operation: string, arn: string, read: () => Promise<Tags>): Promise<Tags | undefined | 'gone'> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    if (isDenied(error)) return undefined;
    throw callFailed(error, { operation, resource: arn });
  }
}
