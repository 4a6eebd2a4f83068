import type { Configuration } from '../../src/model/configuration.ts';
import type { Prior } from '../../src/model/production/prior.ts';
import { mean } from '../../src/stats/moments.ts';
import type { Random } from '../../src/stats/random.ts';
import type { RecordedFunction } from './records.ts';
import { variance } from './variance.ts';

/** What an observation of a recorded function would have told, and the setting that it is of. */
export type Told = (
  recorded: RecordedFunction,
  random: Random,
) => { readonly prior: Prior; readonly setting: Configuration };

/** Of the processor's time, lognormal: the records do not hold it, so it is what the curve itself says, and not exactly. */
const cpuError = 0.2;

/** `wrong`: the processor is said to be busy for any part of the duration. `none`: its time is not known (no Lambda Insights). */
export function observed(processor: 'known' | 'wrong' | 'none'): Told {
  return (recorded, random) => {
    const { configurations } = recorded;
    const setting = configurations[Math.floor(random() * configurations.length)];
    if (setting === undefined) throw new Error('a recorded function has sizes');
    const durationMs = mean([...setting.warmMs]);
    const slowdown = Math.max(1, wholeVcpuMb / setting.memoryMb);
    const told =
      processor === 'wrong' ? (random() * durationMs) / slowdown : busyMs(recorded, setting) * errorOf(random);
    return {
      setting: { memoryMb: setting.memoryMb, architecture: setting.architecture },
      prior: {
        memoryMb: setting.memoryMb,
        architecture: setting.architecture,
        durationMs,
        cpuMs: processor === 'none' ? undefined : { estimate: told, low: told, high: told },
        cv: Math.sqrt(variance([...setting.warmMs])) / durationMs,
        coldRatio: mean([...setting.coldMs]) / durationMs,
        usedMb: setting.usedMb,
      },
    };
  };
}

const wholeVcpuMb = 1769;

/** C of D(m) = W + C·max(1, 1769/m) with the least squared relative error over the recorded sizes of that architecture. */
function busyMs({ configurations }: RecordedFunction, setting: Configuration): number {
  const points = configurations
    .filter(({ architecture }) => architecture === setting.architecture)
    .map(({ memoryMb, warmMs }) => ({ x: Math.max(1, wholeVcpuMb / memoryMb), y: mean([...warmMs]) }));
  const sum = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((total, point) => total + of(point) / point.y ** 2, 0);
  const [n, sx, sy, sxx, sxy] = [
    sum(() => 1),
    sum(({ x }) => x),
    sum(({ y }) => y),
    sum(({ x }) => x * x),
    sum(({ x, y }) => x * y),
  ];
  const slope = (n * sxy - sx * sy) / Math.max(1e-12, n * sxx - sx * sx);
  const throughZero = sxy / sxx;
  return Math.max(0, sy - slope * sx < 0 ? throughZero : slope);
}

function errorOf(random: Random): number {
  const [one, other] = [random(), random()];
  return Math.exp(cpuError * Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other));
}
