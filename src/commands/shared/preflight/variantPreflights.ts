import type { Io } from '../../../base/io.ts';
import { supportOf } from '../../../migrate/preflight/runtimeDates.ts';
import type { Architecture } from '../../../model/configuration.ts';
import type { VariantPreflight } from '../../../model/preflight.ts';
import { factsAs, type VariantOverlay } from '../../../model/variant.ts';
import { overlayFor } from '../overlays.ts';
import type { Session } from '../session.ts';
import { preflightReader } from './readPreflight.ts';

/**
 * Looks through each variant that has other code, layers or another runtime, on each architecture that can run here, before
 * anything is paid. Empty: there is no such variant.
 */
export async function variantPreflights(
  session: Session,
  architectures: readonly Architecture[],
  io: Io,
): Promise<readonly VariantPreflight[]> {
  const { facts, builds, variants } = session;
  const runnable = architectures.filter((one) => facts.emulation?.architectures.includes(one) ?? true);
  const read = preflightReader(session, io);
  const today = io.now().toISOString().slice(0, 10);
  const hasFileSystem = (session.source.reveal().configuration.FileSystemConfigs ?? []).length > 0;
  const snapStart = { ephemeralStorageMb: facts.ephemeralStorageMb, hasFileSystem };
  const found: VariantPreflight[] = [];
  for (const one of variants.filter(changesWhatRuns)) {
    const { variant, overlay } = one;
    const { runtime, code } = overlay;
    const change = {
      from: facts.runtime,
      today,
      hasOtherCode: code !== undefined,
      snapStart: factsAs(facts, one).snapStart ? snapStart : undefined,
    };
    for (const wanted of runnable) {
      const preflight = await read({
        wanted,
        overlay: overlayFor({ memoryMb: 1, architecture: wanted, variant }, builds, variants),
        change,
      });
      found.push({
        ...preflight,
        variant: variant.name,
        support: runtime === undefined || runtime === facts.runtime ? undefined : supportOf(runtime),
      });
    }
  }
  return found;
}

/** All else changes nothing that could be read. */
function changesWhatRuns({ overlay: { runtime, code, layers, imageUri, snapStart } }: VariantOverlay): boolean {
  return snapStart === 'on' || [runtime, code, layers, imageUri].some((changed) => changed !== undefined);
}
