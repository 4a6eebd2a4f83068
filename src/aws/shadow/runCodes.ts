import type { Architecture } from '../../model/configuration.ts';
import type { ShadowContext } from './context.ts';
import { codeStorageRefusal, type ShadowCode, shadowCode } from './shadowCode.ts';

/** The packages of a run: each fetched once, and all their copies counted against the account's code storage. */
export interface RunCodes {
  of(architecture: Architecture, stop: AbortSignal): Promise<ShadowCode>;
  /** Before so many further copies are made. @throws TuneError QUOTA */
  reserve(copies: number): void;
}

export function runCodes(context: ShadowContext): RunCodes {
  const { facts, options } = context;
  const codes = new Map<Architecture, Promise<ShadowCode>>();
  let reserved = 0;
  return {
    of(architecture, stop) {
      // Without builds of their own, both architectures get the same package.
      const builds = [...Object.values(options.code ?? {}), ...Object.values(options.images ?? {})];
      const separate = builds.some((build) => build !== undefined) || facts.packageType === 'Image';
      const key = separate ? architecture : facts.architecture;
      const known = codes.get(key);
      if (known) return known;
      const code = shadowCode(context, key, stop);
      codes.set(key, code);
      code.catch(() => codes.delete(key));
      return code;
    },
    reserve(copies) {
      reserved += copies;
      const refusal = codeStorageRefusal(facts, reserved);
      if (refusal) throw refusal;
    },
  };
}
