import { describe, expect, it } from 'vitest';
import { parseMemorySizes } from '../../src/plan/memorySizes.ts';

describe('parseMemorySizes', () => {
  it('reads a list, in ascending order', () => {
    expect(parseMemorySizes('1024, 128,10240')).toEqual({ kind: 'list', memoryMb: [128, 1024, 10_240], warnings: [] });
  });

  it('merges duplicates and says so', () => {
    expect(parseMemorySizes('512,128,512,512')).toEqual({
      kind: 'list',
      memoryMb: [128, 512],
      warnings: [{ code: 'memoryRepeated', text: '512 MB is given more than once; it is measured once.' }],
    });
  });

  it('reads a range, auto and all', () => {
    expect(parseMemorySizes('128..3008')).toEqual({ kind: 'range', fromMb: 128, toMb: 3008 });
    expect(parseMemorySizes('auto')).toEqual({ kind: 'auto' });
    expect(parseMemorySizes(' all ')).toEqual({ kind: 'all' });
  });

  it.each([
    ['127', '127 MB is outside 128 to 10240 MB'],
    ['128,10241', '10241 MB is outside 128 to 10240 MB'],
    ['0', '0 MB is outside 128 to 10240 MB'],
    ['abc', '"abc" is not a whole number in decimal digits'],
    ['1e3', '"1e3" is not a whole number in decimal digits'],
    ['0x200', '"0x200" is not a whole number in decimal digits'],
    ['512.0', '"512.0" is not a whole number in decimal digits'],
    ['+512', '"+512" is not a whole number in decimal digits'],
    ['-512', '"-512" is not a whole number in decimal digits'],
    ['512MB', '"512MB" is not a whole number in decimal digits'],
    ['٥١٢', '"٥١٢" is not a whole number in decimal digits'],
    ['9999999999', '"9999999999" is not a whole number in decimal digits'],
    ['', 'a size is empty'],
    ['128,,512', 'a size is empty'],
    ['128,', 'a size is empty'],
    ['512..128', 'the range 512..128 ends below its start'],
    ['..512', 'a size is empty'],
    ['128..512..1024', '"128..512..1024" is not a whole number in decimal digits'],
    ['auto,128', '"auto" is not a whole number in decimal digits'],
  ])('refuses "%s"', (text, reason) => {
    expect(() => parseMemorySizes(text)).toThrowError(
      expect.objectContaining({ code: 'USAGE', message: `--memory cannot be used: ${reason}.` }),
    );
  });
});
