import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runtime names for code of which only the language is known: the interpreters this machine has. */
export interface HostRuntimes {
  readonly node: string;
  readonly python: string;
}

/** `nodeVersion` as `v20.1.2`; `path` as in the environment. */
export async function hostRuntimes(nodeVersion: string, path: string | undefined): Promise<HostRuntimes> {
  const major = /^v(\d+)\./.exec(nodeVersion)?.[1] ?? '22';
  const asked = await promisify(execFile)('python3', ['--version'], {
    env: path === undefined ? {} : { PATH: path },
  }).catch(() => undefined);
  const minor = /^Python 3\.(\d+)\./.exec(asked?.stdout ?? '')?.[1];
  // Without Python the name does not matter: running it is refused with the reason.
  return { node: `nodejs${major}.x`, python: `python3.${minor ?? '12'}` };
}
