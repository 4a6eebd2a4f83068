// What Lambda's Node.js runtime brings (the AWS SDK), found last, and the folders of NODE_PATH, which Lambda's Node searches
// for ES modules as well.
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const brought = /^(@(?:aws-sdk|smithy)\/[^/]+)/;

/** The package of a specifier that Lambda's runtime would have. */
export function broughtPackage(specifier) {
  return brought.exec(specifier)?.[1];
}

/** Where an import that found nothing is looked for next, as `file:` URLs of parents. */
export function furtherParents(specifier, nodePath, sdkParent) {
  if (/^(?:[./]|[a-z]+:)/.test(specifier)) return [];
  const folders = nodePath.split(path.delimiter).filter((folder) => folder.endsWith('/node_modules'));
  const parents = folders.filter((folder) => existsSync(folder)).map((folder) => path.join(folder, '..', '_.mjs'));
  if (sdkParent !== '' && brought.test(specifier)) parents.push(sdkParent);
  return parents.map((parent) => pathToFileURL(parent).href);
}

/** Says of a package that Lambda would have why it is not here. */
export function explained(error, specifier) {
  const missing = broughtPackage(specifier);
  if (missing === undefined || error.message.includes("is part of Lambda's runtime")) return error;
  const sentence = `\`${missing}\` is part of Lambda's runtime and not installed here: npm i ${missing}`;
  const [first, ...rest] = error.message.split('\n');
  const message = [`${first}. ${sentence}`, ...rest].join('\n');
  error.stack = error.stack?.replace(error.message, () => message);
  error.message = message;
  return error;
}

export function isNotFound(error) {
  return error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND';
}

/** For `require`, and for `import` where Node has hooks that run in this thread. */
export function findBrought(sdkParent) {
  const original = Module._resolveFilename;
  const requireSdk = sdkParent === '' ? undefined : createRequire(sdkParent);
  Module._resolveFilename = function (request, ...others) {
    try {
      return original.call(this, request, ...others);
    } catch (error) {
      if (!isNotFound(error) || broughtPackage(request) === undefined) throw error;
      try {
        if (requireSdk !== undefined) return requireSdk.resolve(request);
      } catch {}
      throw explained(error, request);
    }
  };
  Module.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (!isNotFound(error) || context.conditions?.includes('require')) throw error;
        for (const parentURL of furtherParents(specifier, process.env.NODE_PATH ?? '', sdkParent)) {
          try {
            return nextResolve(specifier, { ...context, parentURL });
          } catch {}
        }
        throw explained(error, specifier);
      }
    },
  });
}

/** Node before 22.15 has hooks in a thread of their own alone, which costs what most functions need not pay. */
export function findBroughtImports(sdkParent) {
  if (Module.registerHooks !== undefined) return false;
  Module.register('./nodeImports.mjs', import.meta.url, { data: { nodePath: process.env.NODE_PATH ?? '', sdkParent } });
  return true;
}
