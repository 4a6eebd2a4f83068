import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { jsonOf } from '../../text/jsonOf.ts';

/** How the answer of a function becomes one of HTTP: format 2.0, in one piece or as the prelude of a stream. */

export interface HttpHead {
  readonly status: number;
  /** `set-cookie` may stand there several times. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface HttpAnswer extends HttpHead {
  readonly body: Buffer;
}

/** A function that failed, or answered what is no HTTP answer; its body is from memory [memory]. */
export const badGateway: HttpAnswer = {
  status: 502,
  headers: [['content-type', 'application/json']],
  body: Buffer.from('Internal Server Error'),
};

const headMembers = {
  // Of 1xx a client would go on waiting for the answer itself.
  statusCode: z
    .union([z.number(), z.string().regex(/^\d{3}$/)])
    .transform(Number)
    .pipe(z.int().min(200).max(999)),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
};
const proxyAnswer = z.object({ ...headMembers, body: z.string().nullish(), isBase64Encoded: z.boolean().nullish() });
const prelude = z.object({ ...headMembers, statusCode: headMembers.statusCode.default(200) });

/** Without a status code, what the function returned is the body, as JSON. */
export function answerOfPayload(payload: Buffer): HttpAnswer {
  const content = jsonOf(payload.toString('utf8'));
  const isProxy = typeof content === 'object' && content !== null && 'statusCode' in content;
  if (!isProxy) return { status: 200, headers: [['content-type', 'application/json']], body: payload };
  const answer = proxyAnswer.safeParse(content);
  if (!answer.success) return badGateway;
  const { body, isBase64Encoded } = answer.data;
  const head = headOf(answer.data, 'application/json');
  if (head === undefined) return badGateway;
  return { ...head, body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8') };
}

/** What stands before the eight NUL bytes of a stream; undefined: it cannot be understood. */
export function headOfPrelude(text: string): HttpHead | undefined {
  const head = prelude.safeParse(jsonOf(text));
  return head.success ? headOf(head.data, 'application/octet-stream') : undefined;
}

/** What the connection needs, a function cannot set. */
const ownHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * What the service sets itself comes from the function under another name. Seen on AWS: content-length
 * (github.com/cargo-lambda/cargo-lambda, issue 862) and www-authenticate; the others as with API Gateway. [infer]
 */
const remapped = new Set(['content-length', 'date', 'www-authenticate', 'x-amzn-requestid']);

function sentName(name: string): string {
  return remapped.has(name) ? `x-amzn-remapped-${name}` : name;
}

function headOf({ statusCode, headers, cookies }: z.output<typeof prelude>, type: string): HttpHead | undefined {
  const given = Object.entries(headers ?? {}).flatMap(([name, value]): [string, string][] =>
    ownHeaders.has(name.toLowerCase()) ? [] : [[sentName(name.toLowerCase()), String(value)]],
  );
  const hasType = given.some(([name]) => name === 'content-type');
  const all = [
    ...(hasType ? [] : [['content-type', type] as const]),
    ...given,
    ...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const),
  ];
  try {
    for (const [name, value] of all) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch {
    return undefined;
  }
  return { status: statusCode, headers: all };
}
