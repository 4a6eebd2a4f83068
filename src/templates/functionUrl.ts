import { isMap, mapAt, own, type TreeMap } from './document.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { memberOf } from './settings.ts';
import { isValueList, isValueMap, textOf, type Value } from './value.ts';

/** The URL that a template gives a function. */
export interface FunctionUrlDefinition {
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors: CorsDefinition | undefined;
}

/** With the members of the API. */
interface CorsDefinition {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: string[];
  readonly AllowMethods?: string[];
  readonly AllowOrigins?: string[];
  readonly ExposeHeaders?: string[];
  readonly MaxAge?: number;
}

/** `FunctionUrlConfig` of SAM, else an AWS::Lambda::Url that is this function's own, as CDK writes it. */
export function cloudFormationUrl(id: string, properties: TreeMap, scope: Scope): FunctionUrlDefinition | undefined {
  const sams = own(properties, 'FunctionUrlConfig');
  if (sams !== undefined) return definitionOf(resolve(sams, scope));
  const resources = Object.values(mapAt(scope.tree, 'Resources')).filter((one) => isMap(one));
  const url = resources.find((one) => own(one, 'Type') === 'AWS::Lambda::Url' && isOf(id, mapAt(one, 'Properties')));
  return url && definitionOf(resolve(mapAt(url, 'Properties'), scope));
}

/** Of an alias it is another one's. */
function isOf(id: string, properties: TreeMap): boolean {
  if (own(properties, 'Qualifier') !== undefined) return false;
  const of = mapAt(properties, 'TargetFunctionArn');
  const attribute = own(of, 'Fn::GetAtt');
  return own(of, 'Ref') === id || (Array.isArray(attribute) && attribute[0] === id && attribute[1] === 'Arn');
}

/** `url: true`, or a map with the framework's own names. */
export function serverlessUrl(value: Value): FunctionUrlDefinition | undefined {
  if (value === undefined || value === 'false') return undefined;
  const isSigned = memberOf(value, 'authorizer') === 'aws_iam';
  const cors = memberOf(value, 'cors');
  return {
    authType: isSigned ? 'AWS_IAM' : 'NONE',
    invokeMode: invokeModeOf(memberOf(value, 'invokeMode')),
    // The framework allows everybody then.
    cors: cors === 'true' ? { AllowOrigins: ['*'], AllowMethods: ['*'], AllowHeaders: ['*'] } : serverlessCors(cors),
  };
}

function serverlessCors(value: Value): CorsDefinition | undefined {
  if (!isValueMap(value)) return undefined;
  const names = {
    AllowCredentials: value.allowCredentials,
    AllowHeaders: value.allowedHeaders,
    AllowMethods: value.allowedMethods,
    AllowOrigins: value.allowedOrigins,
    ExposeHeaders: value.exposedResponseHeaders,
    MaxAge: value.maxAge,
  };
  return corsOf(names);
}

/** What is not known is as if it were not written: a URL on this machine is nothing that anybody pays for. */
function definitionOf(value: Value): FunctionUrlDefinition {
  return {
    authType: memberOf(value, 'AuthType') === 'AWS_IAM' ? 'AWS_IAM' : 'NONE',
    invokeMode: invokeModeOf(memberOf(value, 'InvokeMode')),
    cors: corsOf(memberOf(value, 'Cors')),
  };
}

function invokeModeOf(value: Value): FunctionUrlDefinition['invokeMode'] {
  return value === 'RESPONSE_STREAM' ? value : 'BUFFERED';
}

function corsOf(value: Value): CorsDefinition | undefined {
  if (!isValueMap(value)) return undefined;
  const cors: { -readonly [Key in keyof CorsDefinition]: CorsDefinition[Key] } = {};
  if (value.AllowCredentials !== undefined) cors.AllowCredentials = value.AllowCredentials === 'true';
  for (const name of ['AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders'] as const) {
    const list = value[name];
    if (isValueList(list)) cors[name] = list.flatMap((one) => textOf(one) ?? []);
  }
  const { MaxAge: maxAge } = value;
  if (typeof maxAge === 'string' && /^\d{1,5}$/.test(maxAge)) cors.MaxAge = Number(maxAge);
  return cors;
}
