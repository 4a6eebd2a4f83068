import { describe, expect, it } from 'vitest';
import { type Configuration, namerAmong } from '../../src/model/configuration.ts';
import type { VariantComparison } from '../../src/model/variantComparison.ts';
import { answerSentence } from '../../src/reporters/wording/answerWording.ts';
import { variantSentence } from '../../src/reporters/wording/variantWording.ts';
import { wordStatement } from '../../src/reporters/wording/wording.ts';

const equal = { kind: 'equal', ratio: 1, low: 0.99, high: 1.01, everywhere: false } as const;
const compared = (init: VariantComparison['init']): VariantComparison => ({
  variant: 'nodejs24.x',
  places: 2,
  cost: equal,
  duration: equal,
  init,
});

describe('what is said of the cold starts of a variant', () => {
  it('is how much sooner they are over, where that is sure', () => {
    const init = { kind: 'less', ratio: 0.9, low: 0.87, high: 0.93, everywhere: true, starts: 40 } as const;
    expect(variantSentence({ compared: compared(init), asItIs: 'nodejs20.x' }, false)).toBe(
      'nodejs24.x inits in 10 % (7 to 13 %) less time than nodejs20.x, at every size measured. nodejs24.x is equal to nodejs20.x in cost and duration.',
    );
  });

  it('is no word of every size where init differs at one of them', () => {
    const init = { kind: 'less', ratio: 0.9, low: 0.87, high: 0.93, everywhere: false, starts: 40 } as const;
    expect(variantSentence({ compared: compared(init), asItIs: 'nodejs20.x' }, false)).toContain(
      'on average over 2 sizes measured.',
    );
  });

  it('is how many more would tell, where they do not', () => {
    const init = {
      kind: 'notToldApart',
      ratio: 0.95,
      low: 0.88,
      high: 1.03,
      everywhere: true,
      moreColdStarts: 20,
    } as const;
    expect(variantSentence({ compared: compared(init), asItIs: 'nodejs20.x' }, false)).toBe(
      'nodejs24.x is equal to nodejs20.x in cost and duration. nodejs24.x is not told apart from nodejs20.x in init yet; about 20 more cold starts of each size (--cold-starts) would tell.',
    );
  });

  it('is that there are too few', () => {
    expect(variantSentence({ compared: compared(undefined), asItIs: 'nodejs20.x' }, false)).toContain(
      'Init is not compared: too few cold starts (--cold-starts 5).',
    );
  });

  it('is left out where the answer says it, and the rest is said', () => {
    const init = { kind: 'less', ratio: 0.9, low: 0.87, high: 0.93, everywhere: true, starts: 40 } as const;
    expect(variantSentence({ compared: compared(init), asItIs: 'nodejs20.x' }, true)).toBe(
      'nodejs24.x is equal to nodejs20.x in cost and duration.',
    );
    expect(variantSentence({ compared: compared(undefined), asItIs: 'nodejs20.x' }, true)).toContain(
      'The init of nodejs24.x is not compared: too few cold starts (--cold-starts 5).',
    );
  });
});

describe('the current setting beside variants', () => {
  const today: Configuration = { memoryMb: 512, architecture: 'arm64' };
  const other: Configuration = { ...today, variant: { name: 'nodejs24.x', changes: {} } };
  const name = namerAmong([today, other]);

  it('is called current once in an answer', () => {
    const answer = { kind: 'unanswered', because: 'currentNotMeasured' } as const;
    const figures = {
      named: undefined,
      current: today,
      isCheapest: false,
      isFastest: false,
      isOneSize: false,
      heldBack: [],
    };
    expect(answerSentence(answer, figures, name)).toBe(
      'The current 512 MB was not measured, so whether a change is worth it is not known',
    );
  });

  it('is called current once where it is compared', () => {
    const standing = { kind: 'notMeasured', status: 'notPlanned' } as const;
    expect(wordStatement({ kind: 'current', current: today, standing }, name)).toEqual({
      label: 'Current',
      sentence: ['512 MB was not measured: add it to --memory and --architecture to compare with it.'],
    });
  });

  it('keeps its name where it is another than the function as it is', () => {
    const standing = { kind: 'notMeasured', status: 'notPlanned' } as const;
    expect(wordStatement({ kind: 'current', current: other, standing }, name).sentence[0]).toMatch(
      /^512 MB, nodejs24\.x /,
    );
  });
});
