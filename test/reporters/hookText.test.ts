import { describe, expect, it } from 'vitest';
import { hookText } from '../../src/reporters/wording/hookText.ts';

describe('what is said of hooks', () => {
  it('names each, and when it is called', () => {
    expect(hookText({ before: 'function', after: 'command' })).toBe(
      'a function before each call, a command after each call. Their time is in no figure.',
    );
    expect(hookText({ beforeRun: 'command', afterRun: 'command' })).toBe(
      'a command before the run, a command after it. Their time is in no figure.',
    );
  });

  it('says after what, where it stands alone', () => {
    expect(hookText({ afterRun: 'command' })).toBe('a command after the run. Their time is in no figure.');
  });
});
