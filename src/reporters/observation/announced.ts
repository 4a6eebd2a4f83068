import type { Announced } from '../../observe/announced.ts';
import { formatCount, formatFixed, formatUsd } from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';
import { stretchText } from './wording.ts';

/** What is about to be read and what AWS charges for it, before it is read. */
export function announcedText(reading: Announced): string {
  switch (reading.kind) {
    case 'counts':
      return `Counts: ${numberOf(reading.metrics, 'series', 'series')} of CloudWatch, ${formatUsd(reading.usd)}.`;
    case 'cpuTime':
      return `Processor time: Lambda Insights, about ${formatUsd(reading.usd)}.`;
    case 'traces':
      return `Traces: X-Ray, at most about ${formatUsd(reading.usd)}.`;
    case 'records': {
      const { plan, source, usd, capUsd } = reading;
      const by = source === 'insights' ? 'Logs Insights' : 'FilterLogEvents';
      if (plan.windows.length === 0)
        return `Records: nothing that ${by} could read under the cap of ${formatUsd(capUsd)}.`;
      const what = plan.isWhole
        ? `all (about ${formatCount(plan.records)})`
        : `about ${formatCount(plan.records)} in ${numberOf(plan.windows.length, 'stretch', 'stretches')} of ${stretchText(plan.windowS)}`;
      const cost =
        source === 'insights'
          ? `${bytesText(plan.bytes)} scanned, about ${formatUsd(usd)} of at most ${formatUsd(capUsd)}`
          : 'free of charge';
      return `Records: ${what} with ${by}, ${cost}.`;
    }
  }
}

function bytesText(bytes: number): string {
  return bytes >= 1e9 ? `${formatFixed(bytes / 1e9, 1)} GB` : `${formatFixed(bytes / 1e6, 1)} MB`;
}
