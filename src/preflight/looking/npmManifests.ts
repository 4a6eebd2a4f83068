import { npmPackageOf } from './packageNames.ts';
import { machineNamed } from './platformNames.ts';

/** What a package.json says of other packages. Names are untrusted text. */
export interface NpmManifest {
  /** Empty for the function's own. */
  readonly name: string;
  readonly folder: string;
  readonly needs: readonly string[];
  /** It works without them: optional dependencies. */
  readonly mayUse: readonly string[];
}

/** Undefined for manifests of inner folders, and for what is none. */
export function npmManifestOf(path: string, text: string): NpmManifest | undefined {
  const owner = path === 'package.json' ? { name: '', folder: '' } : npmPackageOf(path);
  if (owner === undefined || path !== (owner.folder === '' ? 'package.json' : `${owner.folder}/package.json`))
    return undefined;
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  const keysOf = (field: string) => {
    const value =
      typeof manifest === 'object' && manifest !== null
        ? Object.entries(manifest).find(([key]) => key === field)?.[1]
        : undefined;
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  };
  const mayUse = keysOf('optionalDependencies');
  // npm lists optional ones in both when it publishes.
  return { ...owner, needs: keysOf('dependencies').filter((name) => !mayUse.includes(name)), mayUse };
}

/** Answers about who needs whom, by name: which of several versions is meant matters little here. */
export interface NpmDependents {
  /** Everything that uses it loads without it. False where nothing installed names it. */
  isOptional(name: string): boolean;
  needs(name: string, dependency: RegExp): boolean;
}

export function npmDependents(manifests: readonly NpmManifest[]): NpmDependents {
  const isOptional = (name: string, seen: readonly string[]): boolean => {
    if (seen.includes(name)) return true;
    const users = manifests.filter(({ needs, mayUse }) => needs.includes(name) || mayUse.includes(name));
    if (users.length === 0) return false;
    // A package for one platform is optional for all others: what it is a part of decides.
    const isPart = machineNamed(name) !== undefined;
    return users.every((user) => {
      const isSparedBy = user.mayUse.includes(name) && !isPart && user.name !== '';
      return isSparedBy || (user.name !== '' && isOptional(user.name, [...seen, name]));
    });
  };
  return {
    isOptional: (name) => isOptional(name, []),
    needs: (name, dependency) =>
      manifests.some((entry) => entry.name === name && entry.needs.some((needed) => dependency.test(needed))),
  };
}
