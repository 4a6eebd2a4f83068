import { ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { TuneError } from '../../base/errors.ts';
import { listLogStreams } from '../account/accountLists.ts';
import { logGroupArn } from '../client/arn.ts';
import { callFailed, isDenied, isNotFound } from '../client/failure.ts';
import { isStreamOfRun, isTaggedFor, tagKeys } from '../client/names.ts';
import type { ShadowContext } from './context.ts';

/**
 * Whose the log group of the run's name is when its creation was refused or never answered: Lambda makes it for the copies when
 * their role may, and somebody else may have had it all along. `unknown`: neither tags nor streams may be read.
 */
export async function ownerOfLogGroup(context: ShadowContext): Promise<'run' | 'others' | 'unknown' | 'gone'> {
  const tags = await readTags(context);
  if (tags === 'gone') return 'gone';
  const isTagged =
    tags !== undefined &&
    isTaggedFor(tags, context.run.id) &&
    tags[tagKeys.created] === context.run.createdAt.toISOString();
  if (isTagged) return 'run';
  try {
    const streams = await listLogStreams(context, context.logGroup);
    if (streams.length === 0) return tags === undefined ? 'unknown' : 'others';
    return streams.every((stream) => isStreamOfRun(stream, context.run.id)) ? 'run' : 'others';
  } catch (error) {
    if (error instanceof TuneError && error.code === 'ACCESS_DENIED') return 'unknown';
    throw error;
  }
}

async function readTags({
  clients,
  facts,
  logGroup,
}: ShadowContext): Promise<Readonly<Record<string, string>> | undefined | 'gone'> {
  const resourceArn = logGroupArn(facts.region, facts.accountId, logGroup);
  try {
    return (await clients.logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags ?? {};
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    if (isDenied(error)) return undefined;
    throw callFailed(error, { operation: 'CloudWatchLogs.ListTagsForResource', resource: logGroup });
  }
}
