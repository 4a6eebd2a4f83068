import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/options/options.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** README.md and every page below docs/, once there are some. */
const pages = ['README.md', ...pagesBelow('docs')];

function pagesBelow(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? pagesBelow(name) : name.endsWith('.md') ? [name] : [];
  });
}

const published = JSON.parse(readFileSync(join(root, 'schemas/config.schema.json'), 'utf8'));
const accepts = new Ajv2020({ validateFormats: false }).compile(published);

function blocksOf(page: string, language: string): readonly { readonly place: string; readonly text: string }[] {
  const text = readFileSync(join(root, page), 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...text.matchAll(fence)].map((found) => ({
    place: `${page}:${text.slice(0, found.index).split('\n').length}`,
    text: found[1] ?? '',
  }));
}

const isPolicy = (block: object) => 'Statement' in block && 'Version' in block;

describe('the JSON blocks of the documentation', () => {
  const blocks = pages.flatMap((page) => blocksOf(page, 'json'));

  it('are found', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(blocks)('$place is an IAM policy, or a configuration that schema and program accept', ({ text }) => {
    const block: unknown = JSON.parse(text);
    if (typeof block === 'object' && block !== null && isPolicy(block)) return;
    expect({ accepted: accepts(block), errors: accepts.errors }).toEqual({ accepted: true, errors: null });
    expect(() => resolveOptions({ name: 'tune.config.json', content: block }, {})).not.toThrow();
  });
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
  it.each(pages)('%s never lets npx fetch a package of another name', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const commands = [...text.matchAll(/\bnpx\s+(?=[-a-z@])[^`\n]*/g)].map(([command]) => command);
    // Prose about npx aside, what it is to run is named with its package.
    const foreign = commands.filter(
      (command) => /\btune\b/.test(command) && !/(--package[ =]|-p )lambda-tune\b/.test(command),
    );
    expect(foreign).toEqual([]);
  });
});
