import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/**
 * The last step of `npm run build`: what was compiled becomes a few files, with the libraries in them. Where Node starts, each file
 * costs as much as its work, and the AWS SDK has hundreds. Measured on Node 20: a dry run of a folder 2.1 s of CPU before, 1.1 s
 * after. Without this step everything works the same, later. The libraries stay dependencies: functions that run here find the SDK
 * there, and the types refer to them.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = { module: 'dist/cli/cli.js', file: 'dist/cli/cli.cjs' };
/** There may be only one of it: an error is recognised by its class. */
const shared = { module: 'dist/base/errors.js', file: 'dist/base/errors.cjs' };

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  allowOverwrite: true,
  metafile: true,
  // The libraries' modules, of which only what is used comes along.
  mainFields: ['module', 'main'],
  // Names stay, for a bug's stack.
  minifySyntax: true,
  minifyWhitespace: true,
  // Libraries that are CommonJS.
  banner: { js: "import{createRequire as requireFor}from'node:module';const require=requireFor(import.meta.url);" },
} as const satisfies BuildOptions;

/** Only what is many files and no CommonJS: that asks for the folder it lies in, or brings a program of its own. */
const isBundled = (name: string) =>
  /^(@aws-sdk\/|@smithy\/|zod$|string-width$|d3-|jsonc-parser$|p-limit$|acorn$)/.test(name);
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const notBundled = Object.keys(dependencies).filter((name) => !isBundled(name));

const commandFolders = readdirSync(join(root, 'dist/commands')).filter((folder) => folder !== 'shared');

/**
 * What Node brings is asked for by its name: an import makes all exports of a module, and those of node:fs alone load promises, streams
 * and readline. Of child_process, which brings net and dgram, commander uses nothing here: no command is a program of its own.
 */
const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) => ({
      path: path === 'node:child_process' && importer.includes('/commander/') ? 'nothing' : path,
      namespace: 'builtin',
    }));
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: path === 'nothing' ? '' : `module.exports = builtin(${JSON.stringify(path)});`,
    }));
  },
};

/** For what is CommonJS, as the command line is: what loads ES modules takes Node a fifth of the time of `node -e 0`. */
const commonJs = {
  ...common,
  format: 'cjs',
  define: { 'import.meta.url': 'ownUrl' },
  banner: {
    js: "const builtin=process.getBuiltinModule??require,ownUrl=require('node:url').pathToFileURL(__filename).href;",
  },
} as const satisfies BuildOptions;

const errors = await build({ ...commonJs, banner: {}, entryPoints: [shared.module], outfile: shared.file });
const namesOfErrors = Object.keys(createRequire(import.meta.url)(join(root, shared.file)));
writeFileSync(join(root, shared.module), `export { ${namesOfErrors.join(', ')} } from './errors.cjs';\n`);

/** As the command line, and every chunk, finds it: they lie in folders beside its own. */
const oneClassOfErrors: Plugin = {
  name: 'one-class-of-errors',
  setup({ onResolve, initialOptions }) {
    const filter = initialOptions.format === 'cjs' ? /\/base\/errors\.js$/ : /\/errors\.cjs$/;
    onResolve({ filter }, () => ({ path: '../base/errors.cjs', external: true }));
  },
};

// What `tune --help` loads is one file; commands are loaded when they are called.
const command = await build({
  ...commonJs,
  plugins: [builtinsByName, oneClassOfErrors],
  entryPoints: [cli.module],
  outfile: cli.file,
  external: commandFolders.map((folder) => `./dist/commands/${folder}/*`),
});
const called = Object.values(command.metafile.outputs).flatMap(({ imports }) =>
  imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => join('dist/cli', path)),
);
const rest = await build({
  ...common,
  plugins: [oneClassOfErrors],
  entryPoints: [...new Set(['dist/index.js', ...called])],
  outdir: 'dist',
  outbase: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: notBundled,
});

const made = new Set([errors, command, rest].flatMap(({ metafile }) => Object.keys(metafile.outputs)));
for (const path of filesIn('dist')) {
  if (path.endsWith('.js') && !made.has(path)) rmSync(join(root, path));
}
writeFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), licences([command.metafile, rest.metafile]));

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}

/** Of every library that is in the files: their licences ask to go with them. */
function licences(metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  const packages = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...packages]
    .toSorted()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
      const text = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
      return `${name} ${version} (${license})\n${text}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
    .replaceAll('\r', '');
}
