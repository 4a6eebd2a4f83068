// Finds the handler of a Node.js function by Lambda's rules.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { named } from './nodeApi.mjs';
import { broughtPackage, explained, findBroughtImports, isNotFound } from './nodeBrought.mjs';

const streamingKey = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMarkKey = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const require = createRequire(import.meta.url);

export async function loadHandler(root, handler, sdkParent) {
  if (handler.includes('..')) {
    throw named(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = path.basename(handler);
  const folder = handler.slice(0, handler.indexOf(file));
  const split = /^([^.]*)\.(.*)$/.exec(file);
  if (split === null) throw named('Runtime.MalformedHandlerName', 'Bad handler');
  const exports = await loadModule(root, folder, split[1], sdkParent);
  const found = split[2].split('.').reduce((value, key) => value?.[key], exports);
  if (!found) throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw named('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found;
}

export function handlerKind(handler) {
  const streaming = handler[streamingKey];
  if (streaming !== undefined && streaming !== null && streaming !== false && streaming !== 'response') {
    throw named('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  return {
    isStreaming: streaming === 'response',
    highWaterMark: Number.parseInt(handler[highWaterMarkKey], 10) || undefined,
    isAsync: handler.constructor?.name === 'AsyncFunction',
    parameters: handler.length,
  };
}

export function defineGlobals() {
  const isOff = ['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA);
  if (isOff) return;
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[streamingKey] = 'response';
      if (typeof options?.highWaterMark === 'number')
        handler[highWaterMarkKey] = Number.parseInt(options.highWaterMark, 10);
      return handler;
    },
    HttpResponseStream: {
      from(stream, metadata) {
        stream.setContentType('application/vnd.awslambda.http-integration-response');
        const prelude = JSON.stringify(metadata);
        stream._onBeforeFirstWrite = (write) => {
          write(prelude);
          write(new Uint8Array(8));
        };
        return stream;
      },
    },
  };
}

async function loadModule(root, folder, name, sdkParent) {
  try {
    return await tryLoad(root, folder, name, sdkParent);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    // Only what `require` misses has this code; a missing ESM import keeps its own error, as on Lambda.
    if (error?.code === 'MODULE_NOT_FOUND') throw named('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    throw error;
  }
}

async function tryLoad(root, folder, name, sdkParent) {
  const base = path.resolve(root, folder, name);
  if (existsSync(base)) return require(base);
  const isModule = existsSync(`${base}.js`) && isModuleFolder(path.dirname(base), root);
  if (existsSync(`${base}.js`)) return isModule ? importFile(`${base}.js`, sdkParent) : require(`${base}.js`);
  if (existsSync(`${base}.mjs`)) return importFile(`${base}.mjs`, sdkParent);
  if (existsSync(`${base}.cjs`)) return require(`${base}.cjs`);
  return require(require.resolve(name, { paths: [root, path.join(root, folder)] }));
}

async function importFile(file, sdkParent) {
  const { href } = pathToFileURL(file);
  const source = readFileSync(file, 'utf8');
  // An import that is reached later cannot be tried again.
  if (/\bimport\s*\(/.test(source) && /['"]@(?:aws-sdk|smithy)\//.test(source)) findBroughtImports(sdkParent);
  try {
    return await import(href);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const specifier = /Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? '';
    // Nothing of the graph has run yet when a part of it is not found.
    if (findBroughtImports(sdkParent)) return import(`${href}?again`);
    throw broughtPackage(specifier) === undefined ? error : explained(error, specifier);
  }
}

/** The nearest package.json decides what `.js` means. */
function isModuleFolder(folder, root) {
  if (folder.endsWith('/node_modules')) return false;
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  return folder === root || path.dirname(folder) === folder ? false : isModuleFolder(path.dirname(folder), root);
}
