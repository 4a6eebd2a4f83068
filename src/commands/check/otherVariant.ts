import { rememberingResponses } from '../../measure/responses.ts';
import type { EndedLane, Source } from '../../measure/subject.ts';
import { variantResponses } from '../../migrate/responses/variantResponses.ts';
import type { VariantPreflight } from '../../model/preflight.ts';
import type { VariantResponses } from '../../model/variantResponses.ts';
import { differentAnswers } from '../../reporters/wording/answersWording.ts';
import { preflightSentence } from '../../reporters/wording/preflightWording.ts';
import { formatNumberOf } from '../../text/format.ts';
import type { PreparedSide } from './checkSide.ts';

/** What is to be known of a side that is a variant of the function, beside its figures. */

/** How both sides answered, once the check has ended. */
export type ComparedAnswers = (lanes: readonly EndedLane[]) => VariantResponses | undefined;

/** The same sources, whose first answers are kept to be compared. */
export function withComparedAnswers(
  sources: readonly [Source, ...Source[]],
  { variant, job }: PreparedSide,
): { readonly sources: readonly [Source, ...Source[]]; readonly compared: ComparedAnswers } {
  const each = (job.payloads.length + 1) * job.plan.environmentsPerConfiguration;
  const remembering = ([first, ...others]: readonly [Source, ...Source[]]) => {
    const kept = (source: Source) => ({ ...source, platform: rememberingResponses(source.platform, each) });
    return [kept(first), ...others.map(kept)] as const;
  };
  const kept = remembering(sources);
  const answers = {
    answerOf: (requestId: string) =>
      kept.flatMap(({ platform }) => platform.answerOf(requestId) ?? []).find((one) => one !== undefined),
    // Each side has values of its own, and either may be quoted.
    redacted: (text: string, sent: string) =>
      kept.reduce((redacted, { platform }) => platform.redacted(redacted, sent), text),
  };
  return {
    sources: kept,
    compared(lanes) {
      const [found] = variantResponses(lanes, answers, job.ignore);
      return found && variant && { ...found, variant: variant.name };
    },
  };
}

/** Beside the verdict, which is of the figures alone. */
export function answersNote(responses: VariantResponses | undefined): readonly string[] {
  if (responses === undefined) return [];
  const { variant, compared, different } = responses;
  if (different > 0) return [textOf(differentAnswers(responses, 'the function as it is'))];
  return [
    `${variant} answers as the function as it is does (${formatNumberOf(compared, 'pair')} of answers compared).`,
  ];
}

export function preflightText(preflight: VariantPreflight): string {
  return textOf(preflightSentence([preflight], true));
}

type Part = ReturnType<typeof preflightSentence>[number];

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join('');
}
