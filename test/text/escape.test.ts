import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeCsvCell,
  escapeHtml,
  escapeJsonText,
  escapeMarkdown,
  escapeTerminal,
  markdownCode,
} from '../../src/text/escape.ts';
import { foreignText } from '../reporters/foreignText.ts';

const moving = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

describe('escapeTerminal', () => {
  it('leaves ordinary text of any language as it is', () => {
    expect(escapeTerminal('Größe 10 % – 設定 मूल्य naïve 👍')).toBe('Größe 10 % – 設定 मूल्य naïve 👍');
  });

  it('spells out what moves the cursor, breaks the line or cannot be seen', () => {
    expect(escapeTerminal('a\u001b[31mb\u009bc\r\n\t\0\u007f')).toBe('a\\x1b[31mb\\x9bc\\r\\n\\t\\0\\x7f');
    expect(escapeTerminal('\u202eabc\u200f\u061c\u2066\u200b\ufeff\u2028\u2029')).toBe(
      '\\u202eabc\\u200f\\u061c\\u2066\\u200b\\ufeff\\u2028\\u2029',
    );
    expect(escapeTerminal('\ud800 \u{e0041} \u3164 \u00ad')).toBe('\\ud800 \\u{e0041} \\u3164 \\xad');
  });

  it('spells out marks that would pile up over the lines above', () => {
    expect(escapeTerminal(`e${'\u0301'.repeat(5)}`)).toBe('e\u0301\u0301\u0301\\u0301\\u0301');
  });

  it('shortens, and never in the middle of an escape', () => {
    expect(escapeTerminal('abcdef', 6)).toBe('abcdef');
    expect(escapeTerminal('abcdefg', 6)).toBe('abcde…');
    expect(escapeTerminal('abc\u001bdef', 7)).toBe('abc…');
    expect(escapeTerminal('abcd👍👍', 6)).toBe('abcd…');
  });

  it('answers one inert line of bounded length for any text', () => {
    fc.assert(
      fc.property(foreignText, fc.integer({ min: 1, max: 60 }), (text, maxLength) => {
        const shown = escapeTerminal(text, maxLength);
        expect(shown).not.toMatch(moving);
        expect(shown.length).toBeLessThanOrEqual(maxLength);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('escapeMarkdown', () => {
  it('makes markup, HTML, mentions, references and links plain', () => {
    expect(escapeMarkdown('**b** _i_ `c` [a](b) <img> | ~~s~~ $x$')).toBe(
      '\\*\\*b\\*\\* \\_i\\_ \\`c\\` \\[a\\]\\(b\\) &lt;img&gt; \\| \\~\\~s\\~\\~ \\$x\\$',
    );
    expect(escapeMarkdown('@admin #12 GH-12 https://x.y www.x.y')).toBe(
      '@&#8203;admin #&#8203;12 GH-&#8203;12 https:&#8203;//x.y www&#8203;.x.y',
    );
  });

  it('leaves a sentence readable', () => {
    expect(escapeMarkdown('Durations drifted, by 3.5 %: see p95.')).toBe('Durations drifted, by 3.5 %: see p95.');
  });

  it('begins no heading, list or rule', () => {
    expect(escapeMarkdown('# a')).toBe('\\# a');
    expect(escapeMarkdown('1. a')).toBe('1\\. a');
    expect(escapeMarkdown('- a')).toBe('\\- a');
    expect(escapeMarkdown('--- a')).toBe('\\--- a');
  });

  it('leaves no bare markup character in any text', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const bare = escapeMarkdown(text, 10_000)
          .replace(/\\[!-/:-@[-`{-~]/g, '')
          .replace(/&(?:amp|lt|gt|#8203);/g, '');
        expect(bare).not.toMatch(/[\\`*_{}[\]()!|~$<>&\n]/);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});

describe('markdownCode', () => {
  it('fences with more backticks than the text has', () => {
    expect(markdownCode('a')).toBe('`a`');
    expect(markdownCode('a`b')).toBe('``a`b``');
    expect(markdownCode('`a``')).toBe('``` `a`` ```');
    expect(markdownCode('')).toBe('`  `');
  });

  it('cannot be closed from inside', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const span = markdownCode(text, 10_000);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        for (const run of inside.matchAll(/`+/g)) expect(run[0].length).not.toBe(fence.length);
        expect(inside).not.toMatch(moving);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});

describe('escapeCsvCell', () => {
  it('quotes by RFC 4180', () => {
    expect(escapeCsvCell('plain')).toBe('plain');
    expect(escapeCsvCell('a,b')).toBe('"a,b"');
    expect(escapeCsvCell('a"b')).toBe('"a""b"');
    expect(escapeCsvCell('a\r\nb')).toBe('"a\r\nb"');
  });

  it('turns formulas into text', () => {
    expect(escapeCsvCell('=1+1')).toBe("'=1+1");
    expect(escapeCsvCell('+1')).toBe("'+1");
    expect(escapeCsvCell('-1')).toBe("'-1");
    expect(escapeCsvCell('@SUM(A1)')).toBe("'@SUM(A1)");
    expect(escapeCsvCell('\t=1')).toBe('"\'\t=1"');
    expect(escapeCsvCell('\r=1')).toBe('"\'\r=1"');
    expect(escapeCsvCell('=cmd|"/C calc"!A0')).toBe(`"'=cmd|""/C calc""!A0"`);
  });
});

describe('escapeHtml', () => {
  it('is inert in text and in attributes of both quotes', () => {
    expect(escapeHtml(`<a href="x" on='y'>&`)).toBe('&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;');
    expect(escapeHtml(']]>\0\u001b\uffff')).toBe(']]&gt;\\0\\x1b\\uffff');
  });

  it('leaves nothing that HTML or XML 1.0 would read', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const html = escapeHtml(text, 10_000);
        expect(html.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&"'\p{Cc}\p{Cs}\ufffe\uffff]/u);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});

describe('escapeJsonText', () => {
  it('keeps the value and shows no terminal anything', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const json = escapeJsonText(JSON.stringify({ text }, null, 2));
        expect(JSON.parse(json)).toEqual({ text });
        expect(json.replaceAll('\n', '')).not.toMatch(moving);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
