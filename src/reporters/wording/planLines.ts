import type { LabelledText } from './verdictText.ts';

/** What the plan of a run and that of a check have in common. */

export function planLine(label: string, text: string): LabelledText {
  return { label, text, style: 'bold' };
}

/** What is expected is no exact figure: two digits, or cents. */
export function expectedDollars(usd: number): string {
  return usd >= 1 ? usd.toFixed(2) : usd.toPrecision(2);
}

export const costsNothing = planLine(
  'Cost',
  'Nothing: no account is used. The dollars shown are what AWS would charge.',
);
