import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The last step of `npm run build`: what `tune --help` loads becomes one file, in the place of the one that was compiled. Where Node
 * starts, each file costs as much as its work. Without this step everything works the same, a little later.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const entry = 'dist/cli/cli.js';

const commands = readdirSync(new URL('../dist/commands', import.meta.url)).filter((folder) => folder !== 'shared');

await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile: entry,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Names stay, for a bug's stack.
  minifySyntax: true,
  minifyWhitespace: true,
  // What is loaded when it is called, and what there may be only once: an error is recognised by its class.
  external: ['./dist/base/errors.js', ...commands.map((folder) => `./dist/commands/${folder}/*`)],
  // commander is CommonJS.
  banner: { js: "import{createRequire as requireFor}from'node:module';const require=requireFor(import.meta.url);" },
});
