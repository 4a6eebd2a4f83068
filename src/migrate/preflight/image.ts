import { z } from 'zod';
import type { Architecture } from '../../model/configuration.ts';

/** What an image's manifest and config say of the platform it is for. */
export type ImagePlatform =
  | { readonly kind: 'single'; readonly architecture: Architecture | 'other' }
  /** A list of manifests: Lambda refuses it, each of its platforms must be named by its own tag or digest. */
  | { readonly kind: 'list'; readonly architectures: readonly (Architecture | 'other')[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const platform = z.object({ architecture: z.string(), os: z.string().optional() });

const list = z.object({
  manifests: z.array(z.object({ platform: platform.optional() })).max(1000),
});

/**
 * Of a manifest and its config blob as the registry sent them (OCI image spec, Docker image manifest v2 schema 2), already
 * parsed from JSON; untrusted. The config decides: a manifest of one image names no platform.
 */
export function imagePlatformOf(manifest: unknown, config?: unknown): ImagePlatform {
  const several = list.safeParse(manifest);
  if (several.success) {
    // `unknown` is what buildx writes for attestations.
    const named = several.data.manifests
      .flatMap((entry) => (entry.platform === undefined ? [] : [entry.platform]))
      .filter(({ architecture }) => architecture !== 'unknown')
      .map(architectureOf);
    return { kind: 'list', architectures: [...new Set(named)] };
  }
  const described = platform.safeParse(config);
  if (!described.success) return { kind: 'unknown', reason: 'its config names no architecture' };
  return { kind: 'single', architecture: architectureOf(described.data) };
}

/** Go's names of architectures. */
function architectureOf({ architecture, os }: z.infer<typeof platform>): Architecture | 'other' {
  if (os !== undefined && os !== 'linux') return 'other';
  if (architecture === 'amd64') return 'x86_64';
  return architecture === 'arm64' ? 'arm64' : 'other';
}
