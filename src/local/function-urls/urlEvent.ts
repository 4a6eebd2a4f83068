import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';

/** What an HTTP request to a function URL is for the function: payload format 2.0. */

export interface UrlRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** Each value that was sent, in lower case names. */
  readonly headerValues: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface UrlContext {
  readonly requestId: string;
  readonly urlId: string;
  readonly atMs: number;
  /** The trace that the function goes on with. */
  readonly traceHeader: string;
  /** Undefined: the URL is open, and nobody knows who calls. */
  readonly caller?: { readonly accountId: string; readonly arn: string; readonly accessKey: string } | undefined;
}

/**
 * Members that are undefined are left out of the JSON. The raw path is as it was sent, the one of the context is decoded, and which
 * headers are added, as in events captured on AWS in July 2026 (github.com/hotsock/voker, vokerhttp/testdata), but for those of TLS.
 */
export function urlEvent(request: UrlRequest, context: UrlContext): Record<string, unknown> {
  const [rawPath = '/', ...query] = request.target.split('?');
  const rawQueryString = query.join('?');
  const headers = joinedHeaders(request.headerValues);
  const cookies = headers.cookie?.split(/; */).filter((cookie) => cookie !== '');
  const { caller } = context;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    cookies,
    headers: {
      'x-amzn-trace-id': context.traceHeader,
      'x-forwarded-for': request.sourceIp,
      'x-forwarded-port': headers.host?.split(':').at(-1),
      'x-forwarded-proto': 'http',
      ...headers,
    },
    queryStringParameters: rawQueryString === '' ? undefined : joinedParameters(rawQueryString),
    requestContext: {
      accountId: caller?.accountId ?? 'anonymous',
      apiId: context.urlId,
      authorizer: caller && { iam: iamOf(caller) },
      domainName: headers.host ?? '',
      domainPrefix: context.urlId,
      http: {
        method: request.method,
        path: decodedPath(rawPath),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(context.atMs),
      timeEpoch: context.atMs,
    },
    ...bodyMembers(request),
  };
}

/** Without a blank, unlike Node's own: as captured on AWS. */
function joinedHeaders(values: UrlRequest['headerValues']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, sent = []]) => [name, sent.join(name === 'cookie' ? '; ' : ',')]),
  );
}

function joinedParameters(rawQueryString: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function bodyMembers({ headers, body }: UrlRequest): Record<string, unknown> {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = isTextType(headers['content-type']) && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** Forms (`application/x-www-form-urlencoded`) are not text here, as in public reports of real events. [memory] */
function isTextType(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? 'text/plain';
  return type.startsWith('text/') || /^application\/(.+\+)?(json|xml|javascript)$/.test(type);
}

function iamOf({ accountId, arn, accessKey }: NonNullable<UrlContext['caller']>): Record<string, unknown> {
  const userId = 'AIDATUNELOCALUSER0000';
  return { accessKey, accountId, callerId: userId, cognitoIdentity: null, principalOrgId: null, userArn: arn, userId };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(atMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
