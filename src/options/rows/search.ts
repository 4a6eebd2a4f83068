import type { Sheet } from './row.ts';

/** Of a race. */
export const search = {
  goal: {
    value: 'goal',
    takes: { kind: 'words', words: ['cheapest', 'fastest', 'balanced', 'all'] },
    help: 'cheapest, fastest, balanced or all',
    common: 'cheapest (default), fastest, balanced or all',
    // Words, not a value: who asks for it in so many words takes what is slower for less.
    otherwise: 'cheapest',
    on: { tune: {}, 'fleet run': {} },
  },
  strategy: {
    value: 'word',
    takes: { kind: 'words', words: ['cost', 'speed', 'balanced'] },
    help: "the same in AWS Lambda Power Tuning's words: cost, speed, balanced",
    on: { tune: {} },
  },
  effort: {
    value: 'effort',
    takes: { kind: 'words', words: ['quick', 'default', 'careful'] },
    help: 'quick, default or careful: how much is spent on being sure',
    default: 'default',
    on: { tune: {}, 'fleet run': {} },
  },
  adaptive: { takes: { kind: 'switch' }, help: 'race a list of sizes, too', on: { tune: {} } },
  refine: {
    takes: { kind: 'switch' },
    help: 'also try sizes between the rungs, where the curve promises a gain',
    on: { tune: {} },
  },
  seed: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 0, to: 2_147_483_647 },
    help: 'order of the calls; it is in the result',
    otherwise: 'random',
    on: { tune: {}, 'fleet run': {}, observe: { help: 'which minutes are read; it is in the result' } },
  },
} as const satisfies Sheet;
