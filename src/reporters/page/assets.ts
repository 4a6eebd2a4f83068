import { readFileSync } from 'node:fs';

/** What stands in the page as it is. Files of their own, so that they are edited and checked as what they are; read once. */
export const assets = {
  figureCss: asset('figure.css'),
  pageCss: asset('page.css'),
  pageJs: asset('page.js'),
} as const;

/** The same from src/ and from dist/: only one copy is shipped. */
function asset(name: string): string {
  return readFileSync(new URL(`../../../src/reporters/page/${name}`, import.meta.url), 'utf8').replace(/\r\n/g, '\n');
}
