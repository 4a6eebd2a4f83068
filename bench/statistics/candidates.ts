import type { Candidate, Judgement } from '../../src/analysis/choices.ts';
import { surenessAmong } from '../../src/analysis/difference.ts';
import { awsHosts, spreadByArchitecture } from '../../src/analysis/hosts.ts';
import { weightedMean } from '../../src/analysis/summarize.ts';
import { simulate } from '../simulation.ts';

/** Configurations of x86_64 whose costs and durations are the simulated samples, and how a run judges them. */
export function drawCandidates(
  scene: Parameters<typeof simulate>[0],
  random: () => number,
): { readonly candidates: readonly Candidate[]; readonly judgement: Judgement } {
  const samples = simulate(scene, random);
  const hosts = spreadByArchitecture(
    samples.map((sample) => ({ architecture: 'x86_64' as const, sample })),
    awsHosts,
  );
  const judgement: Judgement = {
    tolerance: 0.03,
    confidence: surenessAmong(samples.length),
    costs: { hosts },
    durations: { hosts },
  };
  const candidates = samples.map((sample, index): Candidate => {
    const mean = weightedMean(sample);
    const configuration = { memoryMb: 128 * (index + 1), architecture: 'x86_64' as const };
    return { configuration, costUsd: mean, durationMs: mean, costs: sample, durations: sample };
  });
  return { candidates, judgement };
}
