import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run build`, unless everything in dist/ is newer than what it is made of: `npm ci` builds, too, and tests follow it. */
const root = fileURLToPath(new URL('..', import.meta.url));

const madeOf = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'bench/bundle.ts'];
const newest = Math.max(...madeOf.flatMap((path) => filesIn(join(root, path))).map(changedMs));
const built = filesIn(join(root, 'dist')).map(changedMs);
// The bundle comes last: without it a build was cut short.
const isFresh = built.length > 0 && Math.min(...built) > newest;
if (!isFresh) {
  const build = spawnSync('npm', ['run', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = build.status ?? 1;
}

function filesIn(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesIn(join(path, entry.name)));
}

function changedMs(path: string): number {
  return statSync(path).mtimeMs;
}
