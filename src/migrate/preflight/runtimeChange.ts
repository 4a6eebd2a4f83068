import type { Finding } from './inspection.ts';
import type { PreflightInput } from './preflightInput.ts';
import { supportOf } from './runtimeDates.ts';
import { successorOf } from './runtimeSupport.ts';

/** End of support, previews, and layers that are declared for other runtimes. */
export function findingsOfChange({ runtime, layers, change }: PreflightInput): Finding[] {
  if (runtime === undefined || change === undefined) return [];
  return [
    ...(runtime === change.from ? [] : supportFindings(runtime, change.today)),
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
  if (!isPast(endsOn)) return [];
  return [
    { ...found, reason: `is past its support, which ended on ${endsOn} (table of ${tableOf})`, cure, notice: true },
  ];
}
