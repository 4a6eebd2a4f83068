/** The npm package that a path belongs to: what follows the last `node_modules/`. */
export function npmPackageOf(path: string): { readonly name: string; readonly folder: string } | undefined {
  const at = path.lastIndexOf('node_modules/');
  if (at < 0 || (at > 0 && path[at - 1] !== '/')) return undefined;
  const rest = path.slice(at + 'node_modules/'.length).split('/');
  const parts = rest[0]?.startsWith('@') ? rest.slice(0, 2) : rest.slice(0, 1);
  const name = parts.join('/');
  // A name is only ever told as part of a command, so what npm would not accept is left out.
  if (!/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) || name.startsWith('.')) return undefined;
  return { name, folder: `${path.slice(0, at)}node_modules/${name}` };
}

/** Name and version in `numpy-1.26.4.dist-info` and `numpy-1.26.4.data`. */
export function distributionOf(folder: string): { readonly name: string; readonly version: string } | undefined {
  const match = /^([A-Za-z0-9][\w.]*)-(\d[\w.+!]*)\.dist-info$/.exec(folder);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { name: match[1], version: match[2] };
}

/** Packages that only speed up others, which go on in JavaScript where they cannot be loaded (their own documentation). */
const accelerators =
  /^(?:bufferutil|utf-8-validate|cpu-features|(?:@msgpackr-extract\/)?msgpackr-extract(?:-[\w-]+)?)$/;

export function isOnlyAccelerator(npmName: string): boolean {
  return accelerators.test(npmName);
}
