import { TuneError } from '../../base/errors.ts';

/** Unescaped reference tokens of a JSON Pointer; never empty. */
export type PointerPath = readonly string[];

/**
 * A JSON Pointer (RFC 6901) that names something inside a document. @throws TuneError USAGE for other text, and for the
 * whole document: leaving everything out would compare nothing
 */
export function parsePointer(text: string): PointerPath {
  if (!text.startsWith('/') || /~(?![01])/.test(text)) {
    throw new TuneError('USAGE', `${JSON.stringify(text)} is no JSON pointer.`, {
      hint: 'One starts with / and names keys and indexes: --ignore /body/requestId --ignore /items/0/at (a / in a key is ~1, a ~ is ~0).',
    });
  }
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function formatPointer(path: PointerPath): string {
  return path.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
