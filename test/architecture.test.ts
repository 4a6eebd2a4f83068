import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. The straight line is bin → cli → commands → tune → measure → domain; lambda/ and local/ never know
 * each other, because the only seam for local execution is HTTP. Only commands/ may see all rooms.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  checkedLine: ['node'],
  events: ['domain'],
  io: ['lambda'],
  cli: ['cli', 'commands', 'errors', 'host', 'io', 'reporters', 'version', 'commander', 'fastest-levenshtein', 'node'],
  config: ['config', 'errors', 'zod', 'fastest-levenshtein'],
  tune: ['measure', 'domain', 'errors'],
  measure: ['measure', 'domain', 'errors', 'events', 'node', 'p-limit'],
  progress: ['progress', 'domain', 'events', 'host', 'io', 'reporters'],
  host: ['host', 'domain', 'errors', 'io', 'node'],
  domain: ['domain', 'errors', 'zod'],
  reporters: ['reporters', 'domain', 'errors', 'cli-table3', 'd3-scale', 'd3-shape', 'node'],
  record: ['record', 'checkedLine', 'domain', 'errors', 'node', 'zod'],
  lambda: [
    'lambda',
    'checkedLine',
    'domain',
    'errors',
    '@aws-sdk',
    '@smithy',
    'node',
    'zod',
    'p-limit',
    'agent-base',
    'https-proxy-agent',
    'proxy-from-env',
  ],
  archive: ['archive', 'errors', 'node', 'yauzl'],
  local: ['local', 'archive', 'domain', 'errors', 'node', 'zod', 'yauzl', 'yazl'],
  preflight: ['preflight', 'archive', 'domain', 'errors', 'node', 'yauzl'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

interface Import {
  readonly file: string;
  readonly from: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  const statements = text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g);
  return [...statements].map((match) => ({ file, from: match[1] ?? match[2] ?? '' }));
}

/** `domain`, `lambda`, … for own files; the package's name for others; `node` for built-ins. */
function roomOf({ file, from }: Import): string {
  if (from.startsWith('node:')) return 'node';
  if (!from.startsWith('.')) return from.startsWith('@') ? (from.split('/')[0] ?? from) : (from.split('/')[0] ?? from);
  return ownRoom(relative('.', join(dirname(file), from)));
}

function ownRoom(file: string): string {
  const [first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}

describe('who may import whom', () => {
  const imports = files.flatMap(importsOf);

  it('reads import statements', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  for (const [room, others] of Object.entries(allowed)) {
    it(`${room} imports only ${others.join(', ') || 'nothing'}`, () => {
      const wrong = imports
        .filter((item) => ownRoom(item.file) === room && !others.includes(roomOf(item)))
        .map((item) => `${item.file} imports ${item.from}`);
      expect(wrong).toEqual([]);
    });
  }

  it('a reporter reads no files but the style and script that stand in its page', () => {
    const reading = imports
      .filter((item) => ownRoom(item.file) === 'reporters' && roomOf(item) === 'node' && item.from !== 'node:crypto')
      .map((item) => item.file);
    expect(reading).toEqual(['reporters/page/assets.ts']);
  });

  it('only lambda/ imports the SDK', () => {
    const wrong = imports
      .filter((item) => item.from.startsWith('@aws-sdk') && ownRoom(item.file) !== 'lambda')
      .map((item) => item.file);
    expect(wrong).toEqual([]);
  });

  it('domain/ has no clock and no randomness of its own', () => {
    const wrong = files
      .filter((file) => file.startsWith('domain/'))
      .filter((file) =>
        /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(
          readFileSync(join(root, 'src', file), 'utf8'),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('only bin/ touches the process', () => {
    const wrong = files.filter((file) =>
      /\bprocess\.[a-z]/.test(withoutComments(readFileSync(join(root, 'src', file), 'utf8'))),
    );
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
