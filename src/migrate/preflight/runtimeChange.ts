import type { Finding } from './inspection.ts';
import type { PreflightInput, VariantChange } from './preflightInput.ts';
import { isKnownRuntime, supportOf } from './runtimeDates.ts';
import { runtimeSupports, successorOf } from './runtimeSupport.ts';

/** End of support, previews, runtimes of another language, and layers that are declared for other runtimes. */
export function findingsOfChange({ runtime, layers, change }: PreflightInput): Finding[] {
  if (runtime === undefined || change === undefined) return [];
  return [
    ...(runtime === change.from
      ? []
      : [...supportFindings(runtime, change.today), ...languageFindings(runtime, change)]),
    ...layers.flatMap(({ arn, runtimes = [] }): Finding[] =>
      runtimes.length === 0 || runtimes.includes(runtime)
        ? []
        : [
            {
              where: arn,
              path: '',
              kind: 'layer',
              architecture: 'unknown',
              reason: `declares ${runtimes.join(', ')} and not ${runtime}`,
              cure: `Lambda does not hold a function to the declaration. Use a version of the layer for ${runtime} if there is one: aws lambda list-layer-versions --layer-name ${arn.split(':').slice(0, 7).join(':')} --compatible-runtime ${runtime}`,
              blocking: false,
            },
          ],
    ),
  ];
}

function supportFindings(runtime: string, today: string): Finding[] {
  const { preview, endsOn, createBlockedOn, tableOf } = supportOf(runtime);
  const isInTable = isKnownRuntime(runtime);
  const found = {
    where: 'function',
    path: runtime,
    kind: 'runtime',
    architecture: 'unknown',
    blocking: false,
  } as const;
  const isPast = (date: string | undefined) => date !== undefined && date <= today;
  if (preview) {
    const reason = 'is a public preview, without an SLA; its figures will change';
    return [{ ...found, reason, cure: 'It is never recommended.', notice: true }];
  }
  const cure = `Move to ${successorOf(runtime)} or newer.`;
  if (isPast(createBlockedOn)) {
    const reason = `is past its support (${endsOn}), and AWS creates no functions of it since ${createBlockedOn} (table of ${tableOf})`;
    return [{ ...found, reason: `${reason}: its copies may be refused`, cure }];
  }
  if (!isInTable && runtimeSupports(runtime, 'x86_64') !== undefined) {
    const reason = `is not in the table of runtimes (of ${tableOf}), so whether Lambda has it is not known here`;
    return [{ ...found, reason, cure: 'See the list of runtimes in the Lambda documentation.' }];
  }
  if (!isPast(endsOn)) return [];
  return [
    { ...found, reason: `is past its support, which ended on ${endsOn} (table of ${tableOf})`, cure, notice: true },
  ];
}

/** The same code under the runtime of another language; a custom runtime may be brought by anything. */
function languageFindings(runtime: string, { from, hasOtherCode }: VariantChange): Finding[] {
  const [now, before] = [languageOf(runtime), languageOf(from)];
  if (now === undefined || before === undefined || now === before || hasOtherCode) return [];
  const isCustom = now === 'provided';
  return [
    {
      where: 'function',
      path: runtime,
      kind: 'runtime',
      architecture: 'unknown',
      reason: isCustom
        ? `brings no language: a program named bootstrap, in the package or a layer, has to run the code that is for ${from}`
        : `does not run code that is for ${from}`,
      cure: 'Give the code that is for it, too, in a file of variants: { "name": …, "runtime": …, "code": … }.',
      blocking: !isCustom,
    },
  ];
}

/** "dotnet" of dotnetcore3.1. Undefined for what is no runtime known here. */
function languageOf(runtime: string | undefined): string | undefined {
  return /^(nodejs|python|ruby|java|dotnet|go|provided)/.exec(runtime ?? '')?.[1];
}
