import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is no room of `src/`: the whole program, the package, tests about the repository, and what tests share. */
const others = new Set([
  'action',
  'e2e',
  'api',
  'faults',
  'nodes',
  'bench',
  'architecture',
  'documentation',
  'support',
]);
/** Programs of users that the runtimes are tried with. */
const programs = 'local/programs';

function foldersBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
}

it('tests lie in rooms named as in src: move a folder that is named otherwise, or name it among the others here', () => {
  const test = join(root, 'test');
  const strange = foldersBelow(test)
    .map((folder) => relative(test, folder))
    .filter((folder) => folder !== programs && !others.has(folder.split('/')[0] ?? ''))
    .filter((folder) => !existsSync(join(root, 'src', folder)));
  expect(strange).toEqual([]);
});
