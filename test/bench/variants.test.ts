import { describe, expect, it } from 'vitest';
import { initsTable, variantsTable } from '../../bench/variants/table.ts';

/** Seeded: what is printed does not change. */
describe('bench:variants at a small size', () => {
  it('prints what is found of variants whose truth is known', () => {
    const table = [...variantsTable(2, 1, [['two take less, 12 and 5 %', [0.95, 0.88, 1, 1, 1.1], 'v2']])];
    expect(table.at(-2)).toBe('variants                        named     tied answered   better    worse');
    expect(table.at(-1)).toBe('two take less, 12 and 5 %       100.0    100.0    100.0    100.0    100.0');
  });

  it('prints how often cold starts that do not differ are told apart', () => {
    const table = [...initsTable(3, 1, [[1, { count: 5, cv: 0.12 }]])];
    expect(table.at(-1)).toBe('5                12.0      0.0      0.0      0.0        –');
  });
});
