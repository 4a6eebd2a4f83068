import { TuneError } from '../../base/errors.ts';

/** What a user named: a name, `name:qualifier`, a partial ARN (`123456789012:function:name`) or an ARN, each with or without qualifier. */
export interface FunctionRef {
  readonly functionName: string;
  /** Version number, alias or `$LATEST`; undefined when none was given. */
  readonly qualifier?: string | undefined;
  readonly partition?: string | undefined;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
}

const pattern =
  /^(?:arn:(?<partition>aws(?:-[a-z]+)*):lambda:(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d):(?=\d{12}:function:))?(?:(?<account>\d{12}):function:)?(?<name>[a-zA-Z0-9_-]{1,64})(?::(?<qualifier>\$LATEST|[a-zA-Z0-9_-]{1,128}))?$/;

/** @throws TuneError TARGET */
export function parseFunctionRef(text: string): FunctionRef {
  if (/^arn:aws[a-z-]*:lambda-web:/.test(text)) {
    throw new TuneError('TARGET', 'Lambda Web Functions have no memory setting and cannot be tuned.');
  }
  const groups = pattern.exec(text)?.groups;
  const { name, qualifier, partition, region, account } = groups ?? {};
  if (name === undefined) {
    throw new TuneError('TARGET', `"${text.slice(0, 200)}" is neither a function name nor a Lambda function ARN.`, {
      hint: 'Give a name, name:qualifier, or an ARN such as arn:aws:lambda:eu-central-1:123456789012:function:orders:live. A path starts with ./ or /.',
    });
  }
  return {
    functionName: name,
    qualifier,
    partition,
    region,
    accountId: account,
  };
}

/** How the API is asked for it: keeps the account, which may be another's that gave permission. */
export function apiFunctionName(ref: FunctionRef): string {
  return ref.accountId === undefined ? ref.functionName : `${ref.accountId}:function:${ref.functionName}`;
}
