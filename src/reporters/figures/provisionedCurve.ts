import { scaleLinear } from 'd3-scale';
import type { ProvisionedAdvice } from '../../model/traffic.ts';
import { formatCount, formatUsd } from '../../text/format.ts';
import type { Drawing } from './figure.ts';
import { element, escaped } from './svgElements.ts';

const height = 210;
const top = 34;
const bottom = 40;
const left = 66;

/** What a month's compute costs by a constant number of provisioned environments, with its minimum. Undefined with one point. */
export function drawProvisioned({ curve }: ProvisionedAdvice, width: number): Drawing | undefined {
  const last = curve.at(-1);
  if (last === undefined || curve.length < 2) return undefined;
  const usdScale = scaleLinear([0, Math.max(...curve.map(({ usd }) => usd))], [height - bottom, top]).nice(3);
  const right = width - 20;
  const x = (environments: number) => left + ((right - left) * environments) / last.environments;
  const y = (usd: number) => Number(usdScale(usd).toFixed(1));
  const best = curve.reduce((least, point) => (point.usd < least.usd ? point : least));
  const path = curve.map(
    ({ environments, usd }, index) => `${index === 0 ? 'M' : 'L'}${x(environments).toFixed(1)} ${y(usd).toFixed(1)}`,
  );
  const every = Math.max(1, Math.ceil(last.environments / 10));
  const ticks = curve.filter(({ environments }) => environments % every === 0);
  // Beside its minimum the curve rises: below there is room for words, if the axis is not too near.
  const isBelow = y(best.usd) + 24 < height - bottom;
  const isLate = x(best.environments) > width - 190;
  const content = [
    element('text', { class: 'panel-title', x: 8, y: 18 }, 'Compute a month, US$, by provisioned environments'),
    ...usdScale
      .ticks(3)
      .map((usd) =>
        element(
          'g',
          {},
          element('path', { class: 'grid', d: `M${left} ${y(usd).toFixed(1)}H${right}` }),
          element('text', { class: 'tick', x: left - 8, y: y(usd) + 4, 'text-anchor': 'end' }, formatUsd(usd)),
        ),
      ),
    ...ticks.map(({ environments }) =>
      element(
        'text',
        { class: 'tick', x: x(environments), y: height - bottom + 18, 'text-anchor': 'middle' },
        formatCount(environments),
      ),
    ),
    element('path', { class: 'provisioned-curve', d: path.join('') }),
    element('circle', { class: 'provisioned-least', cx: x(best.environments), cy: y(best.usd), r: 5 }),
    element(
      'text',
      {
        class: 'tick',
        x: x(best.environments) + (isLate ? -10 : 10),
        y: y(best.usd) + (isBelow ? 18 : -10),
        'text-anchor': isLate ? 'end' : 'start',
      },
      escaped(`${formatCount(best.environments)}: ${formatUsd(best.usd)}`),
    ),
  ];
  return { width, height, content: content.join('') };
}
