import fc from 'fast-check';

/** Any code unit at all, lone surrogates too, mixed with what is known to bite. */
export const foreignText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '\u001b[2J',
        '\u009b',
        '\r\n',
        '\u202e',
        '\u200b',
        '|',
        '`',
        '``',
        '<script>',
        '-->',
        '=1+1',
        '"',
        "'",
        '@x',
        '#1',
        '\\',
        '![](',
        '\t',
        '~~',
        '$$',
        ']]>',
        '&',
        '::error::',
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));
