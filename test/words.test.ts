import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { numberOf } from '../src/text/numberOf.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** Every literal text of the program with a blank in it: what people may come to read. */
function sentencesOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, 'src', file), 'utf8'), ts.ScriptTarget.ES2023);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node);
    if (isText && node.text.includes(' ')) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('one word for one thing', () => {
  // An invariant that only a bug breaks; nobody is to read it.
  const bugs = new Set(['not a shadow of this run: ']);

  it('calls what tune creates a copy, in every text of the program', () => {
    const texts = files.flatMap(sentencesOf);
    expect(texts.length).toBeGreaterThan(1000);
    expect(texts.filter((text) => /\bshadows?\b|throwaway/i.test(text) && !bugs.has(text))).toEqual([]);
  });

  const pages = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  it.each(['README.md', ...pages, 'CHANGELOG.md', 'schemas/config.schema.json', 'action.yml'])(
    'calls it a copy in %s, too',
    (file) => {
      const text = readFileSync(join(root, file), 'utf8');
      // Identifiers of a policy keep their names: they are in accounts already. Folders and files of src are no words for people.
      const words = text.replaceAll(/"TuneShadow\w*"|`[\w/.]*shadow[\w/.]*`/gi, '');
      expect(words.match(/.*(\bshadows?\b|throwaway).*/gi) ?? []).toEqual([]);
    },
  );
});

describe('one function for plurals', () => {
  it('lets the noun agree with the number as it is shown', () => {
    expect(numberOf(0, 'configuration')).toBe('0 configurations');
    expect(numberOf(1, 'configuration')).toBe('1 configuration');
    expect(numberOf(1.2, 'minute')).toBe('1 minute');
    expect(numberOf(1200, 'copy', 'copies')).toBe('1,200 copies');
  });

  it('has no plural made by hand anywhere', () => {
    const byHand = files.filter(
      (file) =>
        file !== 'text/numberOf.ts' &&
        /=== 1 \? '(| is)' : '(s| are)'/.test(readFileSync(join(root, 'src', file), 'utf8')),
    );
    expect(byHand).toEqual([]);
  });
});
