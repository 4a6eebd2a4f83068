import type { LeftBehind } from '../../model/platform.ts';
import type { Resource } from '../../state/journalFormat.ts';
import { shellQuote } from '../../text/shellQuote.ts';
import type { ClientOptions } from '../client/client.ts';

interface Where {
  /** Of the functions: `arn:aws:lambda:<region>:<account>:function:` */
  readonly functionArnPrefix: string;
  readonly options: Pick<ClientOptions, 'profile' | 'endpointUrl' | 'role'>;
}

/** Names what could not be removed, why, and the command that removes it. */
export function leftBehind(resource: Resource, reason: string, where: Where): LeftBehind {
  const { region } = resource;
  const command = (...words: string[]) =>
    ['aws', ...words, '--region', region, ...connection(where.options)].map(shellQuote).join(' ') +
    asWhom(where.options);
  switch (resource.kind) {
    case 'function':
      return {
        kind: 'function',
        name: `${where.functionArnPrefix}${resource.name}`,
        region,
        reason,
        command: command('lambda', 'delete-function', '--function-name', resource.name),
      };
    case 'logGroup':
      return {
        kind: 'logGroup',
        name: resource.name,
        region,
        reason,
        command: command('logs', 'delete-log-group', '--log-group-name', resource.name),
      };
    case 'stagedObject': {
      const version = resource.versionId === undefined ? [] : ['--version-id', resource.versionId];
      return {
        kind: 'stagedObject',
        name: `s3://${resource.bucket}/${resource.key}`,
        region,
        reason,
        command: command('s3api', 'delete-object', '--bucket', resource.bucket, '--key', resource.key, ...version),
      };
    }
  }
}

/** The AWS CLI has no option for it. */
function asWhom({ role }: Where['options']): string {
  return role === undefined ? '' : ` # with credentials of ${role.arn}`;
}

function connection({ profile, endpointUrl }: Where['options']): readonly string[] {
  return [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(endpointUrl === undefined ? [] : ['--endpoint-url', endpointUrl]),
  ];
}
