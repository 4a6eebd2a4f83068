import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run test:nodes [-- <files>]`: what can differ between Nodes, under every Node that is promised but this one, which ran
 * all tests (`TUNE_ALL_NODES=1`: under this one, too). The other versions come from the npm registry into a temporary folder: as development
 * dependencies they would take over `node` in every npm script.
 */
const promised = [20, 22, 24].filter(
  (major) => process.env.TUNE_ALL_NODES === '1' || !process.version.startsWith(`v${major}.`),
);
const root = fileURLToPath(new URL('../..', import.meta.url));
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
/**
 * Starting, processes and signals, sockets, streams, files, and the package as it is installed. What is computed is the same, and
 * functions that run here have the Node of their runtime, whichever runs `tune`: `twoNodes` and `everyCommand` start some.
 */
const whatNodesDo = [
  'test/e2e/everyCommand',
  'test/e2e/twoNodes',
  'test/e2e/signals',
  'test/e2e/wire',
  'test/e2e/surroundings',
  'test/api/packed',
  'test/host',
];
/** What a compiler says is the same under every Node; one of its outputs is run. */
const onceIsEnough = '^(?!.*(resolution (bundler|node10)|types without an error))';
const suites = process.argv.length > 2 ? process.argv.slice(2) : whatNodesDo;

const folder = mkdtempSync(join(tmpdir(), 'tune-nodes-'));
let failed = 0;
try {
  const nodes = promised.map((major) => ({ major, node: binaryOf(major) }));
  // As the embedded endpoint looks for them: each version can run functions of the others.
  const links = join(folder, 'bin');
  mkdirSync(links);
  for (const { major, node } of nodes) symlinkSync(node, join(links, `node${major}`));
  const env = { ...process.env, PATH: `${links}:${process.env.PATH ?? ''}` };
  for (const { major, node } of nodes) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
    if (!version?.startsWith(`v${major}.`))
      throw new Error(`${node} is not Node ${major}: ${version || 'it does not run'}`);
    process.stdout.write(`\nNode ${version}: ${suites.join(' ')}\n`);
    const run = spawnSync(
      node,
      [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', config, '-t', onceIsEnough, ...suites],
      {
        cwd: root,
        env,
        stdio: 'inherit',
      },
    );
    if (run.status !== 0) failed += 1;
    process.stdout.write(`Node ${version}: ${run.status === 0 ? 'passed' : 'FAILED'}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** This process's own Node where it is the one that is asked for, else one from the registry. */
function binaryOf(major: number): string {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const own = join(folder, String(major));
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), '{"private":true}');
  const npm = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`],
    {
      cwd: own,
      encoding: 'utf8',
    },
  );
  const node = join(own, 'node_modules', name, 'bin', 'node');
  if (npm.status !== 0 || !existsSync(node))
    throw new Error(`Node ${major} (${name}) cannot be installed: ${npm.stderr}`);
  return node;
}
