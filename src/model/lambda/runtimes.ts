/**
 * Runtimes of Lambda whose figures are not what they will be: public previews have no SLA, print a warning at each cold start and
 * may start more slowly; the identifier stays when they become generally available. As of 2026-11-28.
 */
const previews: readonly string[] = ['nodejs26.x', 'python3.15'];

export function isPreview(runtime: string | undefined): boolean {
  return runtime !== undefined && previews.includes(runtime);
}

/** Compiles code while it is used, so that the first calls of every environment are slower. Others may, too; these are known to. */
export function compilesInUse(runtime: string | undefined): boolean {
  return runtime !== undefined && /^(java|dotnet)/.test(runtime);
}
