import type { PackedFile } from '../opening/packedFile.ts';
import { handlerPlaceOf } from './asked.ts';
import type { Looking } from './looking.ts';

/** Bundles are a few MB; libraries are not read at all. */
const most = { bytes: 8_000_000, allBytes: 24_000_000, files: 500 } as const;

/** Keeps the text of own JavaScript and of Python that lies at the top or is the handler's. */
export function readOwnSource(file: PackedFile, { evidence, variant, depth }: Looking): void {
  if (variant === undefined || depth > 0 || !isOwn(file.path, variant.handler)) return;
  const { sources } = evidence;
  const read = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (file.sizeBytes > most.bytes || read + file.sizeBytes > most.allBytes || sources.length >= most.files) return;
  sources.push({ path: file.path, text: file.whole().toString('utf8') });
}

function isOwn(path: string, handler: string | undefined): boolean {
  if (/\.[cm]?js$/.test(path)) return !/(?:^|\/)node_modules\//.test(path);
  return path.endsWith('.py') && (!path.includes('/') || path === `${handlerPlaceOf(handler)?.module}.py`);
}

/** Of Python, in a package and in a layer. */
export function pythonLibraryOf(path: string): string | undefined {
  return /^(?:python\/(?:lib\/python3\.\d+\/site-packages\/)?)?(boto3|botocore)\/__init__\.py$/.exec(path)?.[1];
}
