import type { Architecture } from '../../model/configuration.ts';

/**
 * Runtimes that exist on x86_64 only: all deprecated, and partly from memory (the table of the JetBrains toolkit; the
 * service's own answer is "Runtime provided does not support the following architectures [arm64]").
 */
const x86Only = new Set([
  'nodejs',
  'nodejs4.3',
  'nodejs4.3-edge',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'python2.7',
  'python3.6',
  'python3.7',
  'ruby2.5',
  'java8',
  'go1.x',
  'dotnetcore1.0',
  'dotnetcore2.0',
  'dotnetcore2.1',
  'provided',
]);

/** Families of which every other member has both architectures, those to come included. */
const families =
  /^(?:nodejs\d+\.x|python3\.\d+|ruby\d+\.\d+|java\d+(?:\.al\w+)?|dotnet(?:core)?\d+(?:\.\d+)?|provided\.al\w+)$/;

/** Whether the runtime can be chosen with the architecture; undefined for runtimes that are not known here. */
export function runtimeSupports(runtime: string, architecture: Architecture): boolean | undefined {
  if (x86Only.has(runtime)) return architecture === 'x86_64';
  return families.test(runtime) ? true : undefined;
}

/** The oldest runtime of the same language that has both architectures and is still supported (November 2026). */
export function successorOf(runtime: string): string {
  if (runtime.startsWith('nodejs')) return 'nodejs22.x';
  if (runtime.startsWith('python')) return 'python3.12';
  if (runtime.startsWith('ruby')) return 'ruby3.3';
  if (runtime.startsWith('java')) return 'java21';
  if (runtime.startsWith('dotnet')) return 'dotnet8';
  return 'provided.al2023';
}
