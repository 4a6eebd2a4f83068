import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesOf, foldersOf, type Import, importsIn, packageOf } from './architecture/imports.ts';
import { innerRooms, packagesOf, rooms } from './architecture/rooms.ts';

/**
 * The house: rooms from the ground up, each imports only from rooms before it. Every rule has a name and, where it is
 * broken, says what to do instead. The rooms stand in `architecture/rooms.ts`.
 */

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(join(source, file), 'utf8');
const imports: readonly Import[] = files.flatMap((file) => importsIn(file, textOf(file)));
const own = imports.filter(({ to }) => to !== undefined) as readonly (Import & { readonly to: string })[];

const roomOf = (file: string) => file.split('/')[0] ?? '';
const innerOf = (file: string) => (file.split('/').length > 2 ? (file.split('/')[1] ?? '') : '');

/** A rule's name and its cure come first in what a failing build prints. */
function expectNone(rule: string, cure: string, broken: readonly string[]): void {
  expect(broken, `${rule}\n  cure: ${cure}`).toEqual([]);
}

describe('the house', () => {
  it('has a place for every file', () => {
    expectNone(
      'every-file-has-a-room',
      'put the file into the room of its subject, or add the room to test/architecture/rooms.ts and docs/architecture.md',
      files.filter((file) => file !== 'index.ts' && !(rooms as readonly string[]).includes(roomOf(file))),
    );
  });

  it('is built from the ground up: a room imports only rooms before it', () => {
    expectNone(
      'rooms-below-only',
      'move what both need into the lower room, or hand it over as an argument',
      own
        .filter(({ from, to }) => roomOf(from) !== roomOf(to) && from !== 'index.ts')
        .filter(({ from, to }) => level(roomOf(to)) >= level(roomOf(from)))
        .map(arrow),
    );
  });

  it('lets only the command line and the API call commands', () => {
    expectNone(
      'commands-are-called-from-the-edge',
      'what a command and something below it need belongs below commands/',
      own
        .filter(({ from, to }) => roomOf(to) === 'commands' && !['commands', 'cli', 'index.ts'].includes(roomOf(from)))
        .map(arrow),
    );
    expectNone(
      'the-api-is-an-edge',
      'src/index.ts wires rooms and hands on what they have; nothing imports it, and it needs no package',
      [
        ...own.filter(({ to }) => to === 'index.ts'),
        ...own.filter(
          ({ from, to }) => from === 'index.ts' && ['cli', 'aws', 'local', 'reporters'].includes(roomOf(to)),
        ),
      ]
        .map(arrow)
        .concat(
          imports.filter(({ from, to }) => from === 'index.ts' && to === undefined).map(({ specifier }) => specifier),
        ),
    );
  });

  it('keeps aws/ and local/ apart', () => {
    expectNone(
      'aws-and-local-never-meet',
      'the only seam for local execution is HTTP; what both need belongs to model/ or archive/',
      own.filter(({ from, to }) => [roomOf(from), roomOf(to)].sort().join() === 'aws,local').map(arrow),
    );
  });

  it('orders the rooms inside a room as well', () => {
    const broken = Object.entries(innerRooms).flatMap(([room, order]) =>
      own
        .filter(({ from, to }) => roomOf(from) === room && roomOf(to) === room && innerOf(from) !== innerOf(to))
        .filter(
          ({ from, to }) => order.indexOf(innerOf(to)) > order.indexOf(innerOf(from)) || !order.includes(innerOf(to)),
        )
        .map(arrow),
    );
    expectNone('inner-rooms-below-only', 'move the piece that both need into the inner room that comes first', broken);
  });

  it('lets no command import another one', () => {
    expectNone(
      'commands-stand-alone',
      'what two commands need belongs to commands/shared/',
      own
        .filter(({ from, to }) => roomOf(from) === 'commands' && roomOf(to) === 'commands')
        .filter(({ from, to }) => innerOf(to) !== 'shared' && innerOf(from) !== innerOf(to))
        .map(arrow),
    );
  });

  it('has nothing for tests outside local/testing/, and nothing that imports it', () => {
    expectNone(
      'testing-is-injected',
      'the product takes hooks as an argument; only tests import local/testing/',
      own.filter(({ from, to }) => to.startsWith('local/testing/') && !from.startsWith('local/testing/')).map(arrow),
    );
  });

  it('has no circle of files', () => {
    expectNone(
      'no-file-circle',
      'carve the type or function that both need into a file of its own',
      circlesOf(own).map((circle) => circle.join(' → ')),
    );
  });

  it('has no circle of folders', () => {
    expectNone(
      'no-folder-circle',
      'carve the piece that points back into the folder that comes first',
      circlesOf(foldersOf(own)).map((circle) => circle.join(' → ')),
    );
  });

  it('keeps folders small enough to scan', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expectNone(
      'folders-of-25',
      'find the two subjects in the folder and give each its own',
      [...counts].filter(([, count]) => count > 25).map(([folder, count]) => `${folder}: ${count} files`),
    );
  });

  it('uses packages only in the rooms that are made for them', () => {
    expectNone(
      'packages-by-room',
      'wrap the package in the room that owns it; a new one is added to test/architecture/rooms.ts with a reason',
      imports
        .filter(({ to, from }) => to === undefined && from !== 'index.ts')
        .filter(({ from, specifier }) => !(packagesOf[roomOf(from)] ?? []).includes(packageOf(specifier)))
        .map(({ from, specifier }) => `${from} imports ${specifier}`),
    );
  });

  it('makes the identity of a configuration in one place', () => {
    // The other side of the wire, what AWS publishes, and what machine code names itself.
    const own = /^(local\/|model\/configuration\.ts$|pricing\/prices\.generated\.ts$|preflight\/)/;
    expectNone(
      'one-identity',
      'use keyOf, sameConfiguration, findConfiguration, compareConfigurations or architectures of model/configuration.ts',
      files
        .filter((file) => !own.test(file))
        .flatMap((file) => handMadeIdentity(withoutComments(textOf(file))).map((found) => `${file}: ${found}`)),
    );
  });

  it('gives a type its name once', () => {
    const declared = files.flatMap((file) =>
      typesDeclaredIn(textOf(file)).map(({ name, isExported }) => ({ file, name, isExported })),
    );
    const twice = declared.filter(
      (one) =>
        (one.isExported || words.includes(one.name)) &&
        declared.some(
          (other) =>
            other.file !== one.file && other.name === one.name && (other.isExported || words.includes(one.name)),
        ),
    );
    expectNone(
      'one-name-one-thing',
      'say in the name what makes it another thing (MigrationVerdict), or use the type that is there; what only its file uses need not be exported',
      twice.map(({ file, name }) => `${name}: ${file}`).sort(),
    );
  });

  it('makes absent things absent by type', () => {
    const found = files.flatMap((file) =>
      conditionalSpreads(withoutComments(textOf(file))).map((text) => `${file}: ${text}`),
    );
    expectNone(
      'no-conditional-spreads',
      'write the member plainly ({ x }) and let its type take undefined: JSON leaves it out; `present()` of base/ where the reader tells absent from undefined',
      found,
    );
  });

  it('leaves the process to bin/', () => {
    expectNone(
      'only-bin-knows-the-process',
      'take what is needed from Io; what it has of the process is made in bin/processFacts.js',
      files.filter((file) => /\bprocess\.[a-z]/.test(withoutComments(textOf(file)))),
    );
  });

  it('lets the package neither end the process nor listen to its signals, nor print', () => {
    const root = fileURLToPath(new URL('../', import.meta.url));
    expectNone(
      'a-package-is-a-guest',
      'streams, signals and the exit code belong to bin/tune.js',
      ['bin/api.mjs', 'bin/processFacts.js'].filter((file) =>
        /\bprocess\.(on|once|exit|exitCode|std\w+)\b/.test(withoutComments(readFileSync(join(root, file), 'utf8'))),
      ),
    );
  });

  it('decides without clock and randomness', () => {
    const pure = rooms.slice(rooms.indexOf('model'), rooms.indexOf('measure'));
    expectNone(
      'decisions-are-pure',
      'time and randomness are arguments',
      files
        .filter((file) => (pure as readonly string[]).includes(roomOf(file)) && roomOf(file) !== 'state')
        .filter((file) =>
          /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(withoutComments(textOf(file))),
        ),
    );
  });

  it('lets a reporter read no file but the style and script that stand in its page', () => {
    const reading = imports
      .filter(({ from, specifier }) => roomOf(from) === 'reporters' && specifier.startsWith('node:'))
      .filter(({ specifier }) => specifier !== 'node:crypto')
      .map(({ from }) => from);
    expect([...new Set(reading)]).toEqual(['reporters/page/assets.ts']);
  });
});

describe('the rules themselves', () => {
  it('see a circle of three', () => {
    const circle = [
      ['a/one.ts', 'b/two.ts'],
      ['b/two.ts', 'c/three.ts'],
      ['c/three.ts', 'a/one.ts'],
      ['c/three.ts', 'd/four.ts'],
    ].map(([from = '', to = '']) => ({ from, to }));
    expect(circlesOf(circle)).toEqual([['a/one.ts', 'b/two.ts', 'c/three.ts']]);
  });

  it('see an identity that is made by hand', () => {
    const made = [
      'one.memoryMb === other.memoryMb && one.architecture === other.architecture',
      'row.architecture !== architecture ||\n  row.memoryMb !== memoryMb',
      'pick?.memoryMb === row.memoryMb && pick.architecture === row.architecture',
      'one.architecture.localeCompare(other.architecture)',
      `\`\${memoryMb} \${architecture}\``,
      `\`\${name} \${configuration.architecture} \${configuration.memoryMb}\``,
      "z.enum(['x86_64', 'arm64'])",
    ];
    expect(made.map((text) => handMadeIdentity(text).length)).toEqual(made.map(() => 1));
    expect(handMadeIdentity('rows.filter((row) => row.memoryMb === memoryMb)')).toEqual([]);
    expect(handMadeIdentity("architecture === 'arm64' ? one : other")).toEqual([]);
  });

  it('see what types a file declares', () => {
    const text = "export interface One {}\ntype Two = 1;\nexport { type Three } from './x.ts';\nexport class Four {}";
    expect(typesDeclaredIn(text)).toEqual([
      { name: 'One', isExported: true },
      { name: 'Two', isExported: false },
      { name: 'Four', isExported: true },
    ]);
  });

  it('see a member that is there on a condition, not a list', () => {
    const made = [
      '{ ...(x === undefined ? {} : { x }) }',
      '{ ...(flag ? { x: f(a, b) } : {}), y }',
      '{ ...(x !== undefined && { x }) }',
      '{ ...(given(options.x) && known\n ? {}\n : { x: options.x }) }',
    ];
    expect(made.map((text) => conditionalSpreads(text).length)).toEqual(made.map(() => 1));
    expect(conditionalSpreads('{ ...(tie === undefined ? extra : { cost: tie }) }')).toEqual([]);
    expect(conditionalSpreads('[...(isPick ? [a] : []), ...names(x)]')).toEqual([]);
  });

  it('read every kind of import', () => {
    const text = `import a from './a.ts';\nimport type { B } from "../b.ts";\nexport { c } from './c.ts';\nconst d = import('./d.ts');\nimport './e.ts';\nimport { f } from 'zod';`;
    expect(importsIn('x/y.ts', text).map(({ to, specifier }) => to ?? specifier)).toEqual([
      'x/a.ts',
      'b.ts',
      'x/c.ts',
      'x/d.ts',
      'x/e.ts',
      'zod',
    ]);
  });
});

/** Memory size and architecture compared, sorted or keyed together, or both architectures listed. */
function handMadeIdentity(text: string): readonly string[] {
  const pairs = [
    /\bmemoryMb\)? *[!=]==(?! undefined)[^;]{0,80}?(?:&&|\|\|)[^;]{0,40}?\barchitecture *[!=]==/g,
    /\barchitecture *[!=]==(?! undefined)[^;]{0,80}?(?:&&|\|\|)[^;]{0,40}?\bmemoryMb\)? *[!=]==/g,
    /\barchitecture\.localeCompare\(/g,
    /`[^`]{0,20}\$\{[\w.]*memoryMb\} \$\{[\w.]*architecture\}/g,
    /`[^`]{0,20}\$\{[\w.]*architecture\} \$\{[\w.]*memoryMb\}/g,
    /'x86_64',\s*'arm64'|'arm64',\s*'x86_64'/g,
  ];
  return pairs.flatMap((pair) => text.match(pair) ?? []).map((found) => found.replaceAll(/\s+/g, ' '));
}

/** Nouns of the program (docs/architecture.md): no file has a meaning of its own for one of them, not even for itself. */
const words: readonly string[] = [
  ...['Configuration', 'Variant', 'ReportLine', 'Measurement', 'Deployment', 'CostModel', 'Plan', 'Step', 'Sampler'],
  ...['Answer', 'Observation', 'Traffic', 'Run', 'Check', 'Migration', 'Fleet', 'Portfolio'],
];

/** Those of a file's own level. */
function typesDeclaredIn(text: string): readonly { readonly name: string; readonly isExported: boolean }[] {
  return [...text.matchAll(/^(export )?(?:interface|type|(?:abstract )?class) (\w+)/gm)].map(
    ([, exported, name = '']) => ({ name, isExported: exported !== undefined }),
  );
}

/** `...(condition ? { … } : {})` and `...(condition && { … })`: each costs a reader a type in the head. */
function conditionalSpreads(text: string): readonly string[] {
  return [...text.matchAll(/\.\.\.\(/g)]
    .map(({ index }) => text.slice(index, closing(text, index + 3) + 1).replaceAll(/\s+/g, ' '))
    .filter((spread) => /\? \{\}|: \{\} ?\)$|&& \{/.test(spread));
}

/** Index of the parenthesis that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function level(room: string): number {
  return (rooms as readonly string[]).indexOf(room);
}

function arrow({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} → ${to}`;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
