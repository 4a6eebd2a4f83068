import type { IncomingHttpHeaders } from 'node:http';
import type { UrlCors } from '../service/model.ts';

/**
 * Which web pages may call a function URL here. Its own ones, and those that its CORS settings name: unlike on AWS, others are
 * refused, because every page in a browser can send requests to loopback, where they would run code as the user.
 */
export function isForeignPage(headers: IncomingHttpHeaders, cors: UrlCors | undefined): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return origin !== `http://${host}` && allowedOrigin(origin, cors) === undefined;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'none' && site !== 'same-origin';
}

/** A browser asks before it sends. The service answers by itself. */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;
}

type Headers = readonly (readonly [string, string])[];

export function corsHeaders(headers: IncomingHttpHeaders, cors: UrlCors | undefined): Headers {
  const allowed = headers.origin === undefined ? undefined : allowedOrigin(headers.origin, cors);
  if (cors === undefined || allowed === undefined) return [];
  return [
    ['access-control-allow-origin', allowed],
    ['vary', 'Origin'],
    ...(cors.AllowCredentials === true ? [['access-control-allow-credentials', 'true'] as const] : []),
    ...listed('access-control-expose-headers', cors.ExposeHeaders),
  ];
}

export function preflightHeaders(headers: IncomingHttpHeaders, cors: UrlCors): Headers {
  return [
    ...corsHeaders(headers, cors),
    ...listed('access-control-allow-methods', cors.AllowMethods),
    ...listed('access-control-allow-headers', cors.AllowHeaders),
    ...(cors.MaxAge === undefined ? [] : [['access-control-max-age', String(cors.MaxAge)] as const]),
  ];
}

function listed(name: string, values: readonly string[] | undefined): Headers {
  return values === undefined || values.length === 0 ? [] : [[name, values.join(',')]];
}

function allowedOrigin(origin: string, cors: UrlCors | undefined): string | undefined {
  const allowed = cors?.AllowOrigins ?? [];
  if (allowed.includes(origin)) return origin;
  if (!allowed.includes('*')) return undefined;
  // `*` and credentials exclude each other in browsers.
  return cors?.AllowCredentials === true ? origin : '*';
}
