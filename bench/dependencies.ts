import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()), files: z.array(z.string()) });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});

export interface Dependencies {
  readonly direct: number;
  /** All that `npm install --omit=dev` brings, the direct ones included. */
  readonly installed: number;
  readonly dependenciesMb: number;
  /** What the package itself holds. */
  readonly ownMb: number;
}

/** Production dependencies as the lock file names them, sizes as they lie in node_modules. */
export function dependencies(): Dependencies {
  const manifest = manifestSchema.parse(readJson('package.json'));
  const { packages } = lockSchema.parse(readJson('package-lock.json'));
  const folders = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    // Optional ones of other platforms are not installed.
    .filter(([path, { optional }]) => optional !== true || existsSync(join(root, path)))
    .map(([path]) => join(root, path));
  const ownFiles = ['package.json', ...manifest.files].map((name) => join(root, name)).filter(existsSync);
  return {
    direct: Object.keys(manifest.dependencies).length,
    installed: folders.length,
    dependenciesMb: megabytes(folders),
    ownMb: megabytes(ownFiles),
  };
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

function megabytes(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + bytesIn(path), 0) / 1_000_000;
}

/** Without nested node_modules: those are packages of their own. */
function bytesIn(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
