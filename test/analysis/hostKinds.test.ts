import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { nextRound } from '../../src/check/gate.ts';
import { checkDefaults } from '../../src/check/options.ts';
import { kindsNotes } from '../../src/commands/check/measuredNotes.ts';
import { asked, laneOf } from './analyzing.ts';

/** Calls dealt to six environments, of which every second one is on a slower host. */
const onHosts = (level: number, slower: number) =>
  Array.from(
    { length: 48 },
    (_, index) => level * (index % 2 === 0 ? 1 : slower) * (1 + 0.005 * (Math.floor(index / 6) % 4)),
  );

const lane = (memoryMb: number, level: number, slower: number) =>
  laneOf(memoryMb, onHosts(level, slower), { architecture: 'arm64', environments: 6 });

const said = 'Two kinds of hosts were met on arm64, 22 % apart';

describe('hosts of two kinds', () => {
  const warningsOf = (slower: number) =>
    analyze({ ...asked, lanes: [lane(512, 100, slower), lane(1024, 60, slower)] })
      .warnings.filter(({ code }) => code === 'hostKinds')
      .map(({ text }) => text);

  it('are said of a run in which both were met, with how far they are apart', () => {
    expect(warningsOf(1.22)).toEqual([
      `${said}: sizes that met both are compared within each kind. A row shows the mean of its calls as they were, on whichever hosts.`,
    ]);
  });

  it('are not said where hosts differ by chance', () => {
    expect(warningsOf(1.02)).toEqual([]);
  });

  it('are said of a check, and keep a side that met more of the slower ones from being called dearer', () => {
    const hosts = { ...checkDefaults, memoryMb: 512, hosts: awsHosts.arm64 };
    const { measurements: baseline } = lane(512, 100, 1.22);
    // Four of six environments are slow ones here.
    const current = baseline.map((call) => {
      const isTurned = call.environment === 'e0' && call.outcome === 'succeeded';
      return isTurned ? { ...call, durationMs: call.durationMs * 1.22, costUsd: call.costUsd * 1.22 } : call;
    });
    const round = nextRound({ baseline, current, ended: true }, hosts);
    if (round.kind !== 'decided') throw new Error('nothing was decided');
    expect(round.verdict).toBe('passed');
    expect(kindsNotes(round, { memoryMb: 512, architecture: 'arm64' })).toEqual([
      `${said}: both sides are compared, and shown, as if they had met as many of each.`,
    ]);
  });
});
