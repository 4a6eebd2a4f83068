import { TuneError } from '../base/errors.ts';
import { keysOf } from '../base/keys.ts';

/** Options that name a hook, with their flags. */
export const hookFlags = {
  before: '--before',
  after: '--after',
  beforeRun: '--before-run',
  afterRun: '--after-run',
} as const;

export type HookKey = keyof typeof hookFlags;
export const hookKeys = keysOf(hookFlags);

/** A line for the shell, or a function by name or ARN. */
export type HookRequest =
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'function'; readonly named: string };

export type HookOptions = { readonly [Key in HookKey]?: string | undefined };

/**
 * What looks like a path (`./prepare.sh`, `/opt/prepare --fast`) or begins with `cmd:` is a command; anything else is a function,
 * which may be said with `lambda:`. No name of a function has a slash or a dot. @throws TuneError USAGE
 */
export function parseHook(text: string, flag: string): HookRequest {
  const { scheme, rest = '' } = /^(?<scheme>cmd|lambda):(?<rest>.*)$/s.exec(text)?.groups ?? {};
  const isCommand = scheme === 'cmd' || (scheme === undefined && /^(?:\.{0,2}\/|\.{1,2}\\)/.test(text));
  const named = (scheme === undefined ? text : rest).trim();
  if (named === '') {
    throw new TuneError('USAGE', `${flag} names neither a function nor a command.`, {
      hint: `Give a function (${flag} my-function) or a command (${flag} ./script.sh, ${flag} 'cmd:node make.js').`,
    });
  }
  if (isCommand) return { kind: 'command', line: named };
  if (/^[\w:$-]+$/.test(named)) return { kind: 'function', named };
  throw new TuneError('USAGE', `${flag} "${named.slice(0, 80)}" is neither a function nor a path.`, {
    hint: `A command that is no path begins with cmd: — ${flag} 'cmd:${named.slice(0, 80)}'`,
  });
}

/** Those of the options that are functions, for a policy. */
export function hookFunctions(options: HookOptions): readonly string[] {
  return hookKeys.flatMap((key) => {
    const text = options[key];
    const request = text === undefined ? undefined : parseHook(text, hookFlags[key]);
    return request?.kind === 'function' ? [request.named] : [];
  });
}

/** A line with arguments may hold secrets: neither a file of tune nor a command that it shows has it. */
export function isTypedHook(text: string): boolean {
  return /\s/.test(text.trim());
}

/** The payload that a hook made of the one it was given: nothing and `null` leave it as it is. Undefined: it is not JSON. */
export function payloadAfterHook(output: string, body: string): string | undefined {
  const made = output.trim();
  if (made === '' || made === 'null') return body;
  try {
    JSON.parse(made);
    return made;
  } catch {
    return undefined;
  }
}
