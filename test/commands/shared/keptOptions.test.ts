import { describe, expect, it } from 'vitest';
import { isGiven, keptOptions } from '../../../src/commands/shared/keptOptions.ts';

describe('what a run was given', () => {
  it('keeps where payloads are, and neither what was typed nor what was piped', () => {
    expect(keptOptions({ payload: 's3://events/order.json' }, 7).kept).toMatchObject({
      payload: 's3://events/order.json',
    });
    expect(keptOptions({ payloads: 'list.jsonl' }, 7).kept).toMatchObject({ payloads: 'list.jsonl' });
    const { kept, omitted } = keptOptions({ payload: '{"id": 1}' }, 7);
    expect([kept.payload, omitted]).toEqual([undefined, ['--payload …']]);
    const piped = keptOptions({ payloads: '-' }, 7);
    expect([piped.kept.payloads, piped.omitted]).toEqual([undefined, ['--payloads …']]);
  });

  it('is asked for again until it is given again', () => {
    expect(isGiven('--payloads …', {})).toBe(false);
    expect(isGiven('--payloads …', { payload: '{}' })).toBe(false);
    expect(isGiven('--payloads …', { payloads: '-' })).toBe(true);
    expect(isGiven('--payload …', { payload: '-' })).toBe(true);
  });
});
