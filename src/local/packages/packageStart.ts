import { basename, join } from 'node:path';
import { TuneError } from '../../base/errors.ts';

/** A file in a package, with its unix mode. */
export interface PackageFile {
  readonly name: string;
  readonly executable: boolean;
}

/** Why nothing in a package was recognised as its start, as far as its names tell. */
export function noStart(files: readonly PackageFile[], path: string): TuneError {
  const inside = onlyFolder(files);
  if (inside !== undefined) return allInOneFolder(path, inside);
  if (files.some(({ name }) => name === 'bootstrap')) {
    return new TuneError('CODE', `The file bootstrap of ${path} is there but may not be executed.`, {
      hint: 'chmod +x bootstrap, and zip it where that is kept (Linux, macOS, WSL; a zip made on Windows does not keep it). Or give the folder: tune --function ./folder',
    });
  }
  const template = files.find(({ name }) =>
    /^(?:(?:template|serverless)\.(?:ya?ml|json)|[^/]+\.template\.json)$/.test(name),
  );
  if (template !== undefined) {
    const given = join(path, template.name);
    return new TuneError('CODE', `${path} is no function: it holds a template (${template.name}).`, {
      hint: `Give the template and a function in it: --function ${given}#OrdersFunction   or all of them: tune local ${given}`,
    });
  }
  const typescript = files.find(({ name }) => /^[^/]+\.[cm]?tsx?$/.test(name) && !name.endsWith('.d.ts'));
  if (typescript !== undefined) {
    return new TuneError('CODE', `${path} holds TypeScript (${typescript.name}), which Lambda does not run as it is.`, {
      hint: buildTypeScript(typescript.name),
    });
  }
  return new TuneError('CODE', `No handler was recognised in ${path}.`, {
    hint:
      'Looked at its top level for index.mjs, index.js or index.cjs (Node), lambda_function.py (Python) and an executable ' +
      'bootstrap (provided.al2023). Otherwise give --runtime and --handler.',
  });
}

/** A file that is not a package: source code is given by its folder. */
export function notAPackage(path: string): TuneError | undefined {
  const file = basename(path);
  if (/\.[cm]?tsx?$/.test(file)) {
    return new TuneError('CODE', `${path} is TypeScript, which Lambda does not run as it is.`, {
      hint: buildTypeScript(file),
    });
  }
  const handler = /^(.+)\.(?:[cm]?js|py)$/.exec(file)?.[1];
  if (handler === undefined) return undefined;
  const isPython = file.endsWith('.py');
  return new TuneError('CODE', `${path} is one source file; a function is a folder or a zip.`, {
    hint: `Give the folder that it is in: tune --function <folder> --handler ${handler}.${isPython ? 'lambda_handler' : 'handler'}`,
  });
}

/**
 * Why the handler that was given cannot be found: nothing in the package begins like its file. Undefined where it may be there
 * (runtimes load by rules of their own), or for runtimes whose handler names no file.
 */
export function handlerFileMissing(
  files: readonly PackageFile[],
  { runtime, handler }: { readonly runtime: string; readonly handler: string },
  path: string,
): TuneError | undefined {
  const isNode = runtime.startsWith('nodejs');
  if ((!isNode && !runtime.startsWith('python')) || !handler.includes('.') || handler.includes('..')) return undefined;
  const beforeFunction = isNode
    ? handler.replace(/^\.?\//, '').replace(/(^|\/)([^./]*)\..*$/, '$1$2')
    : handler.slice(0, handler.lastIndexOf('.')).replaceAll('.', '/');
  if (files.some(({ name }) => name.startsWith(`${beforeFunction}.`) || name.startsWith(`${beforeFunction}/`))) {
    return undefined;
  }
  const inside = onlyFolder(files);
  if (inside !== undefined) return allInOneFolder(path, inside);
  const there = files.map(({ name }) => name).filter((name) => /^[^/]+\.(?:[cm]?js|py)$/.test(name));
  const seen = there.length === 0 ? '' : ` At its top level are: ${there.slice(0, 5).join(', ')}.`;
  return new TuneError(
    'CODE',
    `The handler is "${handler}", but ${path} has no ${beforeFunction}${isNode ? '.mjs, .js or .cjs' : '.py'}.${seen}`,
    { hint: 'Correct --handler (<file>.<function>), or --runtime if the code is in another language.' },
  );
}

/** The one folder that all files lie in, where something below it would be recognised. */
function onlyFolder(files: readonly PackageFile[]): string | undefined {
  const [first = ''] = files.map(({ name }) => name);
  const folder = first.slice(0, first.indexOf('/') + 1);
  return folder !== '' && files.every(({ name }) => name.startsWith(folder)) ? folder : undefined;
}

function allInOneFolder(path: string, folder: string): TuneError {
  return new TuneError('CODE', `Everything in ${path} lies in the folder ${folder}; Lambda looks at the top level.`, {
    hint: `Pack what is in it: cd ${folder} && zip -r ../package.zip . Or name the file with its folder: --handler ${folder}index.handler`,
  });
}

function buildTypeScript(file: string): string {
  const built = file.replace(/\.[cm]?tsx?$/, '.mjs');
  return `Build it first: npx esbuild ${file} --bundle --platform=node --format=esm --outfile=dist/${built}   then: tune --function ./dist --handler ${built.replace('.mjs', '.handler')}`;
}
