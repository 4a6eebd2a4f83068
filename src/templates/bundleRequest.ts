import type { BundleRequest } from './definition.ts';
import { isValueList, isValueMap, textOf, type Value } from './value.ts';

/** `BuildProperties` of a function that SAM bundles with esbuild. What is not known here is left to esbuild's defaults. */
export function bundleRequest(properties: Value): BundleRequest {
  if (!isValueMap(properties)) return {};
  const request: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(properties)) {
    switch (key) {
      case 'Format':
      case 'Target':
        request[key.toLowerCase()] = textOf(value);
        break;
      case 'Minify':
      case 'Sourcemap':
        request[key.toLowerCase()] = value === 'true';
        break;
      case 'EntryPoints':
        request.entryPoints = texts(value);
        break;
      case 'External':
        request.external = texts(value);
        break;
      case 'MainFields':
        request.mainFields = typeof value === 'string' ? value.split(',') : texts(value);
        break;
      case 'Loader':
        request.loader = pairs(value);
        break;
      case 'OutExtension':
        request.outExtension = pairs(value);
        break;
      case 'Banner':
        request.banner = pairs(value);
        break;
    }
  }
  return request;
}

function texts(value: Value): readonly string[] {
  return (isValueList(value) ? value : [value]).flatMap((one) => textOf(one) ?? []);
}

/** `[.js=.mjs]`, as SAM takes them. */
function pairs(value: Value): Readonly<Record<string, string>> {
  const written = isValueMap(value)
    ? Object.entries(value).map(([key, one]) => [key, textOf(one) ?? ''] as const)
    : texts(value).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const);
  return Object.fromEntries(written);
}
