import type { AnalysisInput, MeasuredLane } from '../../src/analysis/measuredLane.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import type { CostModel } from '../../src/model/costModel.ts';
import type { Measurement } from '../../src/model/measurement.ts';

/** One cent per GB-second on x86_64 and 0.8 on arm64, no request price: costs can be read off the durations. */
const roundPrices: CostModel = {
  region: 'test-1',
  gbSecondUsd: { x86_64: 0.01, arm64: 0.008 },
  requestUsd: { x86_64: 0, arm64: 0 },
  source: 'option',
  asOf: '2026-11-01',
  confidence: 'given',
};

export const asked: AnalysisInput = {
  lanes: [],
  projected: [],
  current: { memoryMb: 512, architecture: 'x86_64' },
  payloads: [{ name: 'payload', weight: 1 }],
  maxErrorShare: 0.1,
  tolerance: 0.03,
  costModel: roundPrices,
  ephemeralStorageMb: 512,
};

export type Call = number | Partial<Measurement>;

/** A lane of calls a second apart: a number is the duration of a warm success, whatever else is written out. */
export function laneOf(
  memoryMb: number,
  calls: readonly Call[],
  { architecture = 'x86_64', environments = 2 }: { architecture?: Architecture; environments?: number } = {},
): MeasuredLane {
  return {
    configuration: { memoryMb, architecture },
    measurements: calls.map((call, index) => {
      const given: Partial<Measurement> = typeof call === 'number' ? { durationMs: call } : call;
      const identity = {
        requestId: `${architecture}-${memoryMb}-${index}`,
        startedAt: new Date(Date.UTC(2026, 10, 1) + 1000 * index).toISOString(),
        environment: `e${index % environments}`,
        start: 'warm',
      };
      if (given.outcome === 'unreported') return { ...identity, ...given } as Measurement;
      const durationMs = 'durationMs' in given && given.durationMs !== undefined ? given.durationMs : 100;
      const billedDurationMs = Math.ceil(durationMs);
      return {
        ...identity,
        outcome: 'succeeded',
        durationMs,
        billedDurationMs,
        maxMemoryUsedMb: 60,
        costUsd: (memoryMb / 1024) * (billedDurationMs / 1000) * roundPrices.gbSecondUsd[architecture],
        ...given,
      } as Measurement;
    }),
  };
}

/** Durations around a level that scatter by ±2 % in a fixed pattern. */
export function around(level: number, count = 20): number[] {
  return Array.from({ length: count }, (_, index) => level * (1 + 0.01 * (((index * 7) % 5) - 2)));
}
