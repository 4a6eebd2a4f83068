import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';

/**
 * What is copied differently: code and settings as an overlay on the function as it is. What of it may be saved and shown is
 * the variant; the overlay with its values stays in memory.
 */

export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

const changesSchema = z
  .strictObject({
    runtime: z.string().optional(),
    snapStart: z.enum(['on', 'off']).optional(),
    layers: z.array(z.string()).optional().describe("ARNs, in place of the function's own"),
    environment: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('As it was typed; null in place of what may be a secret'),
    code: z.string().optional().describe('Where it was read from'),
    logLevel: z.enum(logLevels).optional(),
  })
  .describe("What differs from the function as it is; empty of `current`, and of a check's other side");

/** What a name may hold, so that it can be shown anywhere as it is. */
const namePattern = /^[\p{L}\p{N} ._:=+/,()#@…-]{1,200}$/u;
const notInNames = /[^\p{L}\p{N} ._:=+/,()#@…-]/gu;

/** A name made of any text. */
export function variantName(text: string): string {
  return text.replace(notInNames, '…').slice(0, 200) || '…';
}

export const variantSchema = z
  .strictObject({ name: z.string().regex(namePattern), changes: changesSchema })
  .describe('Absent: nothing was varied')
  .meta({ id: 'variant' });

export type Variant = DeepReadonly<z.infer<typeof variantSchema>>;
export type VariantChanges = Variant['changes'];

/** The name of the function as it is today. */
export const currentVariant = 'current';

export const currentOne: Variant = { name: currentVariant, changes: {} };

/** What a copy gets in place of what the function has. Absent: as it is. Values are secret. */
export interface Overlay {
  readonly runtime?: string | undefined;
  readonly snapStart?: 'on' | 'off' | undefined;
  readonly layers?: readonly string[] | undefined;
  /** Laid over the copied environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** A zip package. */
  readonly code?: Uint8Array | undefined;
  readonly imageUri?: string | undefined;
  readonly logLevel?: (typeof logLevels)[number] | undefined;
}

/** A variant with what its copies get. */
export interface VariantOverlay {
  readonly variant: Variant;
  readonly overlay: Overlay;
}

interface VariedFacts {
  readonly runtime?: string | undefined;
  readonly snapStart: boolean;
}

/** What is known of the function, as it is for a variant of it. */
export function factsAs<Facts extends VariedFacts>(
  facts: Facts,
  { variant }: { readonly variant?: Variant | undefined },
): Facts {
  const { runtime, snapStart } = variant?.changes ?? {};
  return {
    ...facts,
    runtime: runtime ?? facts.runtime,
    snapStart: snapStart === undefined ? facts.snapStart : snapStart === 'on',
  };
}

/** One on top of the other: what the upper one says holds. */
export function overlaid(lower: Overlay, upper: Overlay): Overlay {
  const said = Object.fromEntries(Object.entries(upper).filter(([, value]) => value !== undefined));
  const environment =
    lower.environment || upper.environment ? { ...lower.environment, ...upper.environment } : undefined;
  return { ...lower, ...said, environment };
}
