import { describe, expect, it } from 'vitest';
import type { TextOutput } from '../../src/base/io.ts';
import { canColor, canRedraw, showsUnicode } from '../../src/host/terminal.ts';

const terminal = { isTty: true } as TextOutput;
const pipe = { isTty: false } as TextOutput;
const on = (env: Readonly<Record<string, string>>, platform = 'linux') => ({ env, platform });

describe('what a terminal can show', () => {
  it('is neither colour nor drawing over for a pipe, whatever is set', () => {
    const env = { TERM: 'xterm-256color', FORCE_COLOR: '1', LANG: 'C.UTF-8' };
    expect([canColor(pipe, { color: true }, on(env)), canRedraw(pipe, on(env))]).toEqual([false, false]);
    expect([canColor(terminal, { color: true }, on(env)), canRedraw(terminal, on(env))]).toEqual([true, true]);
  });

  it('is no colour with NO_COLOR, --no-color or a dumb terminal', () => {
    expect(canColor(terminal, { color: true }, on({ NO_COLOR: '1' }))).toBe(false);
    expect(canColor(terminal, { color: false }, on({}))).toBe(false);
    expect(canColor(terminal, { color: true }, on({ TERM: 'dumb' }))).toBe(false);
    expect(canColor(terminal, { color: true }, on({ NO_COLOR: '' }))).toBe(true);
  });

  it('is nothing that moves in CI or on a dumb terminal', () => {
    expect(canRedraw(terminal, on({ CI: 'true' }))).toBe(false);
    expect(canRedraw(terminal, on({ TERM: 'dumb' }))).toBe(false);
  });

  it('is ASCII where the locale is not UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is set', () => {
    expect(showsUnicode(terminal, on({ LANG: 'de_DE.UTF-8' }))).toBe(true);
    expect(showsUnicode(terminal, on({ LANG: 'C.utf8' }))).toBe(true);
    expect(showsUnicode(terminal, on({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }))).toBe(false);
    expect(showsUnicode(terminal, on({ LC_CTYPE: 'POSIX', LANG: 'de_DE.UTF-8' }))).toBe(false);
    expect(showsUnicode(terminal, on({ LANG: 'de_DE.ISO-8859-1' }))).toBe(false);
    expect(showsUnicode(terminal, on({}))).toBe(true);
  });

  it("is ASCII on a Linux console and in Windows' old one", () => {
    expect(showsUnicode(terminal, on({ TERM: 'linux', LANG: 'C.UTF-8' }))).toBe(false);
    expect(showsUnicode(terminal, on({}, 'win32'))).toBe(false);
    expect(showsUnicode(terminal, on({ WT_SESSION: 'x' }, 'win32'))).toBe(true);
  });

  it('is UTF-8 in a pipe: the same bytes everywhere', () => {
    expect(showsUnicode(pipe, on({ LC_ALL: 'C' }))).toBe(true);
  });
});
