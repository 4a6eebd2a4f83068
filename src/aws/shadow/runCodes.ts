import type { Configuration } from '../../model/configuration.ts';
import type { ShadowContext } from './context.ts';
import { codeStorageRefusal, type ShadowCode, shadowCode } from './shadowCode.ts';

/** The packages of a run: each fetched once, and all their copies counted against the account's code storage. */
export interface RunCodes {
  of(configuration: Configuration, stop: AbortSignal): Promise<ShadowCode>;
  /** Before so many further copies of a configuration's code are made. @throws TuneError QUOTA */
  reserve(configuration: Configuration, copies: number): void;
}

export function runCodes(context: ShadowContext): RunCodes {
  const { facts, options } = context;
  const codes = new Map<unknown, Promise<ShadowCode>>();
  let reservedBytes = 0;
  return {
    of(configuration, stop) {
      const overlay = options.overlayOf?.(configuration) ?? {};
      const isImage = facts.packageType === 'Image';
      // Without builds of their own, both architectures get the same package.
      const architecture = isImage || overlay.code ? configuration.architecture : facts.architecture;
      const key = isImage ? (overlay.imageUri ?? architecture) : (overlay.code ?? 'own');
      const known = codes.get(key);
      if (known) return known;
      const code = shadowCode(context, { architecture, overlay }, stop);
      codes.set(key, code);
      code.catch(() => codes.delete(key));
      return code;
    },
    reserve(configuration, copies) {
      // A build or a variant can bring a package of its own.
      const bytes = options.overlayOf?.(configuration)?.code?.length ?? facts.codeSizeBytes;
      reservedBytes += copies * bytes;
      const refusal = codeStorageRefusal(facts, reservedBytes);
      if (refusal) throw refusal;
    },
  };
}
