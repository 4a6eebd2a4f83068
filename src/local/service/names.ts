import { invalidParameter, notFound, ServiceFailure } from '../http/wire.ts';

/** Who and where this endpoint pretends to be. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

export interface FunctionReference {
  readonly functionName: string;
  readonly qualifier?: string;
}

const functionNamePattern =
  /^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]{1,64})(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]{1,128}))?$/;

/** A name, `account:function:name`, or an ARN, each with or without qualifier. @throws ServiceFailure */
export function parseFunctionName(text: string, account: Account, action: string): FunctionReference {
  const groups = functionNamePattern.exec(text)?.groups;
  const functionName = groups?.name;
  if (functionName === undefined) {
    throw new ServiceFailure(
      400,
      'ValidationException',
      "1 validation error detected: Value at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
    );
  }
  const { region, account: owner, qualifier } = groups ?? {};
  if (region !== undefined && region !== account.region) {
    throw notFound(`Functions from '${region}' are not reachable in this region ('${account.region}')`);
  }
  if (owner !== undefined && owner !== account.accountId) {
    throw accessDenied(account, `lambda:${action}`, text, { refuser: 'resource-based policy' });
  }
  return qualifier === undefined ? { functionName } : { functionName, qualifier };
}

/** The qualifier may come with the name or as its own parameter. @throws ServiceFailure for one that is none, or when both do and differ */
export function withQualifier(reference: FunctionReference, qualifier: string | null): FunctionReference {
  if (qualifier === null) return reference;
  if (!/^[a-zA-Z0-9$_-]{1,128}$/.test(qualifier)) {
    throw new ServiceFailure(
      400,
      'ValidationException',
      "1 validation error detected: Value at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)",
    );
  }
  if (reference.qualifier !== undefined && reference.qualifier !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return { functionName: reference.functionName, qualifier };
}

export function functionArn(account: Account, functionName: string, qualifier?: string): string {
  const arn = `arn:aws:lambda:${account.region}:${account.accountId}:function:${functionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function layerArn(account: Account, layerName: string): string {
  return `arn:aws:lambda:${account.region}:${account.accountId}:layer:${layerName}`;
}

export function logGroupArn(account: Account, logGroupName: string): string {
  return `arn:aws:logs:${account.region}:${account.accountId}:log-group:${logGroupName}`;
}

export function callerArn(account: Account): string {
  return `arn:aws:iam::${account.accountId}:user/tune-local`;
}

/** What refuses: no policy of that kind allows it, or one denies it. */
export type Refuser =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'service control policy'
  | 'permissions boundary'
  | 'session policy'
  | 'VPC endpoint policy';

export function accessDenied(
  account: Account,
  action: string,
  resource: string,
  by: { readonly refuser: Refuser; readonly explicitly?: boolean } = { refuser: 'identity-based policy' },
): ServiceFailure {
  const why = by.explicitly
    ? `with an explicit deny in ${by.refuser.startsWith('i') ? 'an' : 'a'} ${by.refuser}`
    : `because no ${by.refuser} allows the ${action} action`;
  return new ServiceFailure(
    403,
    'AccessDeniedException',
    `User: ${callerArn(account)} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  );
}

/** `*` stands for anything, as in IAM. */
export function matchesGlob(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(text);
}
