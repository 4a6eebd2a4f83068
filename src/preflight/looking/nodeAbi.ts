/** Which version of Node.js a compiled addon is for: NODE_MODULE_VERSION; `stable`: Node-API, which every version has. */
export type NodeAbi = number | 'stable' | 'unknown';

/** By version of Node.js (nodejs.org/download/releases). Of one that is not listed nothing is said. */
const abiOfNode: Readonly<Record<string, number>> = { 16: 93, 18: 108, 20: 115, 22: 127, 24: 137 };

export function abiOfRuntime(runtime: string | undefined): number | undefined {
  return abiOfNode[/^nodejs(\d+)\.x$/.exec(runtime ?? '')?.[1] ?? ''];
}

/** The first version of Node.js with it, for people. */
export function nodeOfAbi(abi: number): string {
  const known = Object.entries(abiOfNode).find(([, number]) => number === abi)?.[0];
  return known === undefined ? `another version of Node.js (ABI ${abi})` : `Node.js ${known} (ABI ${abi})`;
}

/**
 * By the names that the macros of Node's own headers export (NAPI_MODULE_INIT, NODE_MODULE_INIT), else by the names that
 * prebuild, prebuildify and node-pre-gyp give to files and folders.
 */
export function abiOfAddon(path: string, file: Buffer): NodeAbi {
  if (file.includes('napi_register_module_v') || file.includes('napi_module_register')) return 'stable';
  const at = file.indexOf('node_register_module_v');
  const exported =
    at < 0 ? undefined : /^node_register_module_v(\d{2,3})/.exec(file.toString('latin1', at, at + 32))?.[1];
  const named = /(?:[./-]abi-?|node-v)(\d{2,3})(?=[./-]|$)/.exec(path)?.[1];
  const number = exported ?? named;
  if (number !== undefined) return Number(number);
  return /(?:[./-]n-api|[./-]napi-v\d+)(?=[./-]|$)/.test(path) || /\bnapi\.node$/.test(path) ? 'stable' : 'unknown';
}
