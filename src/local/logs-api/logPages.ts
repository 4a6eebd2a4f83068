import type { z } from 'zod';
import { parseJsonBody, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { LogGroup } from '../service/logStore.ts';
import type { Service } from '../service/service.ts';

/** What the operations of CloudWatch Logs have in common: how a group is named, how pages go on, how an answer looks. */

/** @throws ServiceFailure InvalidParameterException: this service has no ValidationException for its members [model] */
export function parseLogsBody<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  try {
    return parseJsonBody(schema, body);
  } catch (error) {
    if (!(error instanceof ServiceFailure) || error.type !== 'ValidationException') throw error;
    throw new ServiceFailure(400, 'InvalidParameterException', error.message);
  }
}

/** By name or by ARN (with or without the `:*` that some answers carry). */
export function groupNameOf(body: {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}): string {
  const name = body.logGroupName ?? body.logGroupIdentifier?.replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, '');
  if (name === undefined) throw new ServiceFailure(400, 'InvalidParameterException', 'A log group must be given');
  return name.replace(/:\*$/, '');
}

/** @throws ServiceFailure ResourceNotFoundException */
export function existingGroup(service: Service, logGroupName: string): LogGroup {
  const group = service.logs.groups.get(logGroupName);
  if (group !== undefined) return group;
  throw new ServiceFailure(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
}

/** One page by `nextToken` and `limit`. */
export function pageOf<Item>(
  items: readonly Item[],
  nextToken: string | undefined,
  limit: number,
): { readonly page: readonly Item[]; readonly nextToken: string | undefined } {
  const offset = readPageToken(nextToken);
  const end = offset + limit;
  return { page: items.slice(offset, end), nextToken: end < items.length ? pageToken(end) : undefined };
}

export function pageToken(offset: number): string {
  return Buffer.from(`after ${offset}`).toString('base64url');
}

export function readPageToken(text: string | undefined): number {
  if (text === undefined) return 0;
  const offset = /^after (\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString())?.[1];
  if (offset !== undefined) return Number(offset);
  throw new ServiceFailure(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
}

export function logsAnswer(content: object = {}): WireAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(content) };
}
