import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { publishedSchemas } from '../bench/writeSchemas.ts';

describe('the published JSON Schemas', () => {
  const folder = new URL('../schemas/', import.meta.url);

  for (const [name, text] of Object.entries(publishedSchemas())) {
    it(`${name} is what the program validates with (else: npm run schemas)`, async () => {
      expect(await readFile(new URL(name, folder), 'utf8')).toBe(text);
    });
  }

  it('are all generated', async () => {
    expect((await readdir(folder)).sort()).toEqual(Object.keys(publishedSchemas()).sort());
  });
});
