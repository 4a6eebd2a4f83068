import { randomBytes } from 'node:crypto';

/** X-Ray's header (`X-Amzn-Trace-Id`), as a call brings it and as a function is given it. */
export interface Trace {
  /** `1-<8 hex of the second>-<24 hex>`. */
  readonly root: string;
  /** 16 hex: with active tracing the function's own segment, as REPORT names it. */
  readonly parent: string;
  readonly isSampled: boolean;
}

/**
 * The trace of one invocation. One that the caller is in goes on, so that what calls what can be followed here, too; that a segment
 * of the caller's is passed through where the function itself is not traced is from memory [memory].
 */
export function traceOf(given: string | undefined, at: Date, isTraced: boolean): Trace {
  const told = membersOf(given);
  const isGiven = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(told.Root ?? '');
  const isParentGiven = isGiven && /^[0-9a-f]{16}$/.test(told.Parent ?? '');
  return {
    root: isGiven ? (told.Root ?? '') : newTraceRoot(at),
    parent: isParentGiven && !isTraced ? (told.Parent ?? '') : randomBytes(8).toString('hex'),
    isSampled: isGiven && told.Sampled !== undefined ? told.Sampled === '1' : isTraced,
  };
}

/** Lambda's has all three, sampled or not: the propagators of OpenTelemetry take none without its parent. */
export function traceHeader({ root, parent, isSampled }: Trace): string {
  return `Root=${root};Parent=${parent};Sampled=${isSampled ? 1 : 0}`;
}

export function newTraceRoot(at: Date): string {
  const second = Math.floor(at.getTime() / 1000);
  return `1-${second.toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

function membersOf(header = ''): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    header.split(';').map((member) => {
      const [name = '', value] = member.trim().split('=');
      return [name, value];
    }),
  );
}
