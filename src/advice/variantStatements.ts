import { canCompareSizes } from '../analysis/savedRun/besideAnswer.ts';
import { frontierOf } from '../analysis/savedRun/frontier.ts';
import { comparedFiguresOf } from '../analysis/savedRun/judgedFigures.ts';
import { plain, variantOf } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import { currentVariant, variantName } from '../model/variant.ts';
import type { VariantComparison } from '../model/variantComparison.ts';
import type { ComparedVariant, Statement } from './statements.ts';

/** What of it is said in the answer is not said again. */
export function variantStatements(result: TuningResult): readonly Statement[] {
  const answered = variantInAnswer(result)?.compared.variant;
  return (result.variants ?? []).flatMap((compared): readonly Statement[] => {
    const isAnswered = compared.variant === answered;
    if (isAnswered && isAllTold(compared)) return [];
    return [{ kind: 'variant', ...comparedWith(result, compared), isAnswered }];
  });
}

/** The comparison that stands behind an answer which is of a variant. */
export function variantInAnswer(result: TuningResult): ComparedVariant | undefined {
  const { answer, variants = [] } = result;
  if (answer.kind !== 'change') return undefined;
  const compared = variants.find(({ variant }) => variant === variantOf(answer.configuration));
  const isTold = compared !== undefined && [compared.cost, compared.duration].some(({ kind }) => kind === 'less');
  return isTold ? comparedWith(result, compared) : undefined;
}

function isAllTold({ cost, duration, init }: VariantComparison): boolean {
  return [cost, duration, init].every((effect) => effect?.kind === 'less' || effect?.kind === 'more');
}

/** What changes nothing but the runtime is compared with a runtime. */
function comparedWith({ options, target }: TuningResult, compared: VariantComparison): ComparedVariant {
  const changes = options.variants?.find(({ name }) => name === compared.variant)?.changes ?? {};
  const isRuntime = Object.keys(changes).join() === 'runtime' && target.runtime !== undefined;
  return { compared, asItIs: isRuntime ? variantName(target.runtime ?? '') : 'the function as it is' };
}

/** Where variants were measured: of all of them, those that nothing beats in both figures. */
export function paretoStatement(result: TuningResult): Statement | undefined {
  const isVaried = (result.options.variants ?? []).some(({ name }) => name !== currentVariant);
  if (!isVaried || !canCompareSizes(result.answer)) return undefined;
  const measured = result.configurations
    .filter(({ status }) => status === 'measured')
    .flatMap((row) => comparedFiguresOf(result, plain(row)) ?? []);
  const picks = frontierOf(measured.map((one) => ({ ...one, costUsd: one.costUsd.mean, figures: one })));
  return picks.length === 0 ? undefined : { kind: 'pareto', picks: picks.map(({ figures }) => figures) };
}
