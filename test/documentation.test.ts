import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { withOptions } from '../bench/writeOptionsDoc.ts';
import { ExitCode } from '../src/base/errors.ts';
import { namedCommands } from '../src/commands/shared/program/commandTree.ts';
import { tuningResultSchema } from '../src/model/run.ts';
import { resolveOptions } from '../src/options/options.ts';
import { parseVariantsFile } from '../src/plan/variantsFile.ts';
import { renderSvg } from '../src/reporters/run/svg.ts';
import { rooms } from './architecture/rooms.ts';
import { blocksOf, callsIn, commandsOf, inlineCodeOf, pages, textOf } from './documentation/pages.ts';
import { programOf, readCommand } from './documentation/readCommand.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const schemaOf = (name: string) =>
  new Ajv2020({ validateFormats: false }).compile(JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')));
const accepts = schemaOf('config.schema.json');
const acceptsVariants = schemaOf('variants.schema.json');

const isVariantsFile = (block: object) => 'variants' in block && Array.isArray(block.variants);
const isPolicy = (block: object) => 'Statement' in block && 'Version' in block;

describe('the JSON blocks of the documentation', () => {
  const blocks = pages.flatMap((page) => blocksOf(page, 'json'));

  it('are found', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(blocks)(
    '$place is an IAM policy, or a configuration or variants that schema and program accept',
    ({ text }) => {
      const block: unknown = JSON.parse(text);
      if (typeof block === 'object' && block !== null && isPolicy(block)) return;
      if (typeof block === 'object' && block !== null && isVariantsFile(block)) {
        expect({ accepted: acceptsVariants(block), errors: acceptsVariants.errors }).toEqual({
          accepted: true,
          errors: null,
        });
        expect(() => parseVariantsFile(text, 'variants.json')).not.toThrow();
        return;
      }
      expect({ accepted: accepts(block), errors: accepts.errors }).toEqual({ accepted: true, errors: null });
      expect(() => resolveOptions({ name: 'tune.config.json', content: block }, {})).not.toThrow();
    },
  );
});

describe('what people write in tune.config.json', () => {
  const isTaken = (content: unknown) => {
    try {
      resolveOptions({ name: 'tune.config.json', content }, {});
      return true;
    } catch {
      return false;
    }
  };

  it.each([
    { maxCostIncrease: '5%' },
    { maxCostIncrease: 0.05, tolerance: '2.5 %', maxErrorShare: '.1', coldShare: '2%' },
    { memory: 512, invocations: '40', maxSpendUsd: '$0.50' },
    { memory: [256, '512'], maxP95Ms: '250', maxInitMs: '1200.5' },
    { architecture: 'x86_64, arm64', report: 'html=run.html', baseline: 'base.json' },
    { architecture: ['arm64'], report: ['json'], baseline: ['a.json', 'b.json'] },
    { env: { TABLE: 'orders' }, tag: ['team=shop'] },
    { payload: { id: 1 }, allowError: 'ValidationError' },
    { payload: [1, 2], requestsPerMonth: '3M' },
    { payload: null, requestsPerMonth: 3_000_000 },
    { allowDifferent: 'memory, payloads', maxCostUsdPerMillion: '1.5' },
    { arm64Layers: 'arn:aws:lambda:eu-central-1:123456789012:layer:extra:3' },
    { functions: [{ function: 'orders', against: 'orders:live', maxCostIncrease: '5%', maxP95Ms: 250 }] },
  ])('is taken by the program and by the published schema: %j', (content) => {
    expect([isTaken(content), accepts(content)]).toEqual([true, true]);
  });

  it.each([
    { maxCostIncrease: '5 percent' },
    { maxCostIncrease: 5 },
    { maxCostIncreases: '5%' },
    { invocations: 0 },
    { maxSpendUsd: 'much' },
    { architecture: 'x86' },
    { env: ['TABLE'] },
    { functions: [] },
    { functions: [{ function: 'orders', yes: true }] },
  ])('is refused by both: %j', (content) => {
    expect([isTaken(content), accepts(content)]).toEqual([false, false]);
  });
});

describe('the commands of the documentation', () => {
  const commands = pages.flatMap(commandsOf);
  const shown = commands.map(({ place, args }) => ({ place, line: `tune ${args.join(' ')}`, args }));

  it('are found, also those of the action, of npx and of running text', () => {
    expect(shown.length).toBeGreaterThan(40);
    expect(callsIn('  - run: npx --package lambda-tune tune check -f a  # why')).toEqual([['check', '-f', 'a']]);
    expect(callsIn('    with: { args: check --max-spend-usd 0.50 }')).toEqual([['check', '--max-spend-usd', '0.50']]);
    expect(callsIn('npm ci && node bin/tune.js -f "./my fn" > out.json')).toEqual([['-f', './my fn']]);
    expect(callsIn('source <(tune completion bash)')).toEqual([['completion', 'bash']]);
  });

  it.each(shown)('$place: $line is read by the program', async ({ args }) => {
    await expect(readCommand(args)).resolves.not.toBe('nothing');
  });

  it.each([
    ['an option that does not exist', ['--function', 'orders', '--memroy', '512']],
    ['an option of another command', ['report', 'run.json', '--memory', '512']],
    ['a value that is none', ['--function', 'orders', '--invocations', 'many']],
    ['a command that does not exist', ['chekc']],
    ['an option without its value', ['check', '--against']],
  ])('%s would be refused', async (_, args) => {
    await expect(readCommand(args)).rejects.toThrow();
  });

  it('name no option in running text that no command has', () => {
    const program = programOf();
    const known = namedCommands(program).flatMap(({ command }) => command.options.flatMap(({ long }) => long ?? []));
    // Of npm's scripts, of npx, and the long form that every command has.
    known.push('--help', '--data', '--package');
    const unknown = pages.flatMap((page) =>
      inlineCodeOf(page)
        .filter(({ text }) => /^(--|tune )/.test(text))
        .flatMap(({ place, text }) =>
          [...text.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g)].map(([option]) => ({ place, option })),
        )
        .filter(({ option }) => !known.includes(option)),
    );
    expect(unknown).toEqual([]);
  });

  it.each(pages)('%s never lets npx fetch a package of another name', (page) => {
    const found = [...textOf(page).matchAll(/\bnpx\s+(?=[-a-z@])[^`\n]*/g)].map(([command]) => command);
    // Prose about npx aside, what it is to run is named with its package.
    const foreign = found.filter(
      (command) => /\btune\b/.test(command) && !/(--package[ =]|-p )lambda-tune\b/.test(command),
    );
    expect(foreign).toEqual([]);
  });
});

describe('the pages', () => {
  it.each(pages)('%s links to files and headings that exist', (page) => {
    const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', heading] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(root, target))) return true;
        return heading !== undefined && !headingsOf(target).includes(heading);
      });
    expect(broken).toEqual([]);
  });

  it('are all reached from the README', () => {
    const readme = textOf('README.md');
    expect(pages.filter((page) => page !== 'README.md' && !readme.includes(`(${page})`))).toEqual([]);
  });

  it('start with a README of at most 150 lines, with the two lines that set a clone up', () => {
    const readme = textOf('README.md');
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
    expect(readme).toMatch(/^npm ci && node bin\/tune\.js --function \.\/fixtures\/functions\/cpu-node --memory /m);
    expect(readme).toMatch(/^npm ci && npm test$/m);
  });

  it('list the options as they are (else: npm run docs)', () => {
    expect(textOf('docs/options.md')).toBe(withOptions(textOf('docs/options.md')));
  });

  it('name every room of the house, in its order', () => {
    const named = [...textOf('docs/architecture.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, room]) => room);
    expect(named).toEqual(rooms.filter((room) => existsSync(join(root, 'src', room))));
  });

  it('name only files that exist, where a change is to be made', () => {
    const files = [...textOf('docs/architecture.md').matchAll(/`((?:src|test|bench|bin)\/[\w./-]+)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('say the exit codes that the program has', () => {
    const codes = [...textOf('docs/exit-codes.md').matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, list = '']) =>
      list.split(', ').map(Number),
    );
    expect(codes.sort((a, b) => a - b)).toEqual([...new Set(Object.values(ExitCode))].sort((a, b) => a - b));
  });

  it('show the picture that the program draws of its run', () => {
    const saved = tuningResultSchema.parse(JSON.parse(readFileSync(join(root, 'docs/sample.json'), 'utf8')));
    // Else: node bin/tune.js report docs/sample.json --report svg=docs/sample.svg
    expect(readFileSync(join(root, 'docs/sample.svg'), 'utf8').trim()).toBe(renderSvg(saved).trim());
  });

  /** As GitHub makes them. */
  function headingsOf(page: string): readonly string[] {
    return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});
