import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../base/packageFolder.ts';

/** What stands in the page as it is. Files of their own, so that they are edited and checked as what they are; read once. */
export const assets = {
  figureCss: asset('figure.css'),
  pageCss: asset('page.css'),
  pageJs: asset('page.js'),
} as const;

/** From src/, also when dist/ runs: only one copy is shipped. */
function asset(name: string): string {
  return readFileSync(join(packageFolder, 'src/reporters/page', name), 'utf8').replace(/\r\n/g, '\n');
}
