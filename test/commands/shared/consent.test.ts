import { describe, expect, it } from 'vitest';
import { askConsent } from '../../../src/commands/shared/consent.ts';
import { fakeIo } from '../../support/fakeIo.ts';

const estimate = { worstCaseUsd: 0.01234 };

describe('consent to create copies', () => {
  it('is --yes, and then nobody is asked', async () => {
    const { io, questions } = fakeIo({ answer: false });
    await askConsent({ yes: true }, estimate, io);
    expect(questions).toEqual([]);
  });

  it('is an answer on the terminal, also where a cap is given', async () => {
    const yes = fakeIo({ answer: true });
    await askConsent({ yes: false, maxSpendUsd: 1 }, estimate, yes.io);
    expect(yes.questions).toEqual(['Create these copies and invoke them? [y/N] ']);
    const no = fakeIo({ answer: false });
    await expect(askConsent({ yes: false, maxSpendUsd: 1 }, estimate, no.io)).rejects.toMatchObject({
      code: 'CONSENT',
      message: 'Not confirmed; nothing was created.',
    });
  });

  it('says how many configurations there are where they are many, and that no account is used where none is', async () => {
    const many = { count: 1028, most: 24 };
    const yes = fakeIo({ answer: true });
    await askConsent({ yes: false }, { ...estimate, many }, yes.io);
    expect(yes.questions).toEqual([
      'These are 1,028 configurations, more than 24. Create these copies and invoke them? [y/N] ',
    ]);
    await expect(askConsent({ yes: false }, { ...estimate, many, isFree: true }, fakeIo().io)).rejects.toMatchObject({
      hint: 'Nothing was created. These are 1,028 configurations, more than 24; no account is used: agree with --yes.',
    });
    await expect(askConsent({ yes: false }, { ...estimate, many }, fakeIo().io)).rejects.toMatchObject({
      hint: 'Nothing was created. These are 1,028 configurations, more than 24. The worst case of this run is US$ 0.012: give --max-spend-usd <US$> or --yes.',
    });
  });

  it('is a cap where nobody can be asked; without one the worst case is said', async () => {
    await askConsent({ yes: false, maxSpendUsd: 1 }, estimate, fakeIo().io);
    await expect(askConsent({ yes: false }, estimate, fakeIo().io)).rejects.toMatchObject({
      code: 'CONSENT',
      exitCode: 2,
      hint: 'Nothing was created. The worst case of this run is US$ 0.012: give --max-spend-usd <US$> or --yes.',
    });
  });
});
