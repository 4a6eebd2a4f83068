// Hooks of a thread of their own, for Node.js before 22.15: see nodeBrought.mjs.
import { explained, furtherParents, isNotFound } from './nodeBrought.mjs';

let nodePath = '';
let sdkParent = '';

export function initialize(data) {
  nodePath = data.nodePath;
  sdkParent = data.sdkParent;
}

export async function resolve(specifier, context, nextResolve) {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    for (const parentURL of furtherParents(specifier, nodePath, sdkParent)) {
      try {
        return await nextResolve(specifier, { ...context, parentURL });
      } catch {}
    }
    throw explained(error, specifier);
  }
}
