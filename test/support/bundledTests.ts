import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { type Plugin as BundlerPlugin, build } from 'esbuild';
import type { Plugin } from 'vitest/config';

/**
 * A test file with what it imports of this repository as one module. Simulations call from module to module millions of times,
 * and vitest makes every such call a look-up in the other module: bundled, they take about half the time.
 */
export function bundledTests(name: RegExp): Plugin {
  return {
    name: 'bundled-tests',
    enforce: 'pre',
    async load(id) {
      if (!name.test(id)) return null;
      const { outputFiles } = await build({
        entryPoints: [id],
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        target: 'node20',
        packages: 'external',
        sourcemap: 'inline',
        sourcesContent: false,
        logLevel: 'silent',
        plugins: [whereFilesWere],
      });
      return outputFiles[0]?.text ?? null;
    },
  };
}

/** Modules that read files beside them find them where they were before they were bundled. */
const whereFilesWere: BundlerPlugin = {
  name: 'where-files-were',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      return {
        loader: 'ts',
        contents: contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      };
    });
  },
};
