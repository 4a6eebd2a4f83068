import { describe, expect, it } from 'vitest';
import { cutToWidth, textWidth, wrapText } from '../../src/text/wrapText.ts';

describe('the width of a text in a terminal', () => {
  it.each([
    ['orders', 6],
    ['± 0.10 …', 8],
    ['注文処理', 8],
    ['ﾃｽﾄ', 3],
    ['한국', 4],
    ['e\u0301te\u0301', 3],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['\u001B[1mbold\u001B[22m', 4],
    ['', 0],
  ])('%j takes %d columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});

describe('cutting and wrapping', () => {
  it('keeps a character and its marks together', () => {
    expect(cutToWidth('e\u0301te\u0301', 2)).toEqual(['e\u0301t', 'e\u0301']);
    expect(cutToWidth('👩‍👩‍👧x', 2)).toEqual(['👩‍👩‍👧', 'x']);
  });

  it('never exceeds the columns, but where one character alone is wider', () => {
    expect(cutToWidth('注文処理', 5)).toEqual(['注文', '処理']);
    expect(cutToWidth('注文', 1)).toEqual(['注', '文']);
    expect(cutToWidth('', 3)).toEqual(['']);
  });

  it('breaks lines at blanks and keeps units with their number', () => {
    expect(wrapText('about 512 MB of 注文処理 is enough', 12)).toEqual(['about 512 MB', 'of 注文処理', 'is enough']);
  });
});
