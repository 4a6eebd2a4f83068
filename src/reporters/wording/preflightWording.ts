import type { VariantPreflight } from '../../model/preflight.ts';
import { formatNumberOf } from '../../text/format.ts';
import { listOf } from './phrases.ts';

/** Own words, and words of others apart: paths, and commands with names of packages in them. */
type Part = string | { readonly quoted: string };

const mostFindings = 3;

const verdictText = {
  compatible: 'compatible, by what was read',
  incompatible: 'incompatible, so it is not measured',
  unknown: 'unknown whether it is compatible, so it is measured',
} as const satisfies Record<VariantPreflight['verdict'], string>;

/** "nodejs24.x on x86_64: incompatible, so it is not measured. index.js takes a third parameter, …" */
export function preflightSentence(told: readonly VariantPreflight[], isEverywhere: boolean): readonly Part[] {
  const [first] = told;
  if (first === undefined) return [];
  const { variant, verdict, findings, findingsLeftOut, support } = first;
  const where = isEverywhere ? '' : ` on ${listOf(told.map(({ wanted }) => wanted))}`;
  // What keeps it from running comes before what is only to be known.
  const ordered = findings.toSorted((one, other) => Number(other.blocking) - Number(one.blocking));
  const more = findings.length + findingsLeftOut - mostFindings;
  return [
    `${variant}${where}: ${verdictText[verdict]}.`,
    ...ordered
      .slice(0, mostFindings)
      .flatMap(({ path, where, reason, architecture, cure }): readonly Part[] => [
        ' ',
        { quoted: path === '' ? where : path },
        ` ${reason ?? `is built for ${architecture}`}. `,
        { quoted: cure },
        /[.…]$/.test(cure) ? '' : '.',
      ]),
    more > 0 ? ` ${formatNumberOf(more, 'more finding')} in the JSON.` : '',
    support?.endsOn === undefined || findings.some(({ kind }) => kind === 'runtime')
      ? ''
      : ` Support of ${support.runtime} ends on ${support.endsOn} (table of ${support.tableOf}).`,
  ].filter((part) => part !== '');
}
