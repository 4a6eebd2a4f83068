import { expect, it } from 'vitest';
import { parseEmulationHeader } from '../../../src/aws/client/emulation.ts';

it('reads what the endpoint imitates and how busy its host was', () => {
  expect(parseEmulationHeader('architectures=x86_64; cpu=cgroup; cores=2; contended=0.12; raw=31.02')).toEqual({
    emulation: { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 },
    hostTime: { contendedShare: 0.12, rawDurationMs: 31.02 },
  });
  expect(parseEmulationHeader('architectures=arm64,x86_64;cpu=modelled;cores=8')).toEqual({
    emulation: { architectures: ['arm64', 'x86_64'], cpu: 'modelled', cores: 8 },
  });
});

it('reads how fast the cores were, where a reference loop was run', () => {
  const told = (pace: string) =>
    parseEmulationHeader(`architectures=x86_64; cpu=cgroup; cores=2; contended=0; raw=31.02; ${pace}`)?.hostTime;
  const times = { contendedShare: 0, rawDurationMs: 31.02 };
  expect(told('busy=25.1; cpu-time=24.9; loop=2; reference=0.2134; fastest=0.2; error=0.01')).toEqual({
    ...times,
    pace: { busyMs: 25.1, cpuMs: 24.9, loop: 2, referenceMs: 0.2134, fastestMs: 0.2, error: 0.01 },
  });
  const calm = 'calm=0.19; calm-runs=3; calm-seen=2026-11-29T14:02:03.000Z';
  const known = 'busy=25.1; cpu-time=24.9; loop=2; reference=0.2134; fastest=0.2; error=0.01';
  expect(told(`${known}; ${calm}`)?.pace?.calm).toEqual({
    referenceMs: 0.19,
    runs: 3,
    lastSeenAt: '2026-11-29T14:02:03.000Z',
  });
  const follows = (text: string) => told(`${known}; ${calm}; follows=${text}`)?.pace?.calm?.follows;
  expect(follows('0:0.5210:0.1100,2:1.1500:0.0800')).toEqual([
    { range: 0, slope: 0.521, error: 0.11 },
    { range: 2, slope: 1.15, error: 0.08 },
  ]);
  for (const text of ['', '0:-1:0.03', '0:1', '0:1:0', '-1:1:0.1', '0:1:0.1,x', '0.5:1:0.1']) {
    expect(follows(text), text).toBeUndefined();
  }
  expect(told(`${known}; calm=0; calm-runs=3; calm-seen=2026-11-29T14:02:03.000Z`)?.pace?.calm).toBeUndefined();
  expect(told(`${known}; calm=0.19; calm-runs=3; calm-seen=yesterday`)?.pace?.calm).toBeUndefined();
  expect(told('busy=25.1; reference=0.2134')).toEqual(times);
  expect(told('busy=25.1; cpu-time=24.9; reference=0.2134; fastest=0.2; error=0.01')).toEqual(times);
  expect(told('busy=-1; cpu-time=24.9; loop=2; reference=0.2; fastest=0.2; error=0')).toEqual(times);
  expect(told('busy=25.1; cpu-time=24.9; loop=2; reference=0; fastest=0; error=0')).toEqual(times);
  expect(told('busy=25.1; cpu-time=24.9; loop=2; reference=0.2; fastest=0.3; error=0')).toEqual(times);
  expect(told('busy=25.1; cpu-time=24.9; loop=2; reference=0.2; fastest=0.2; error=-1')).toEqual(times);
  expect(told('busy=25.1; cpu-time=24.9; loop=2; reference=1e300; fastest=0.2; error=0')).toEqual(times);
});

it.each([
  '',
  'architectures=mips; cpu=cgroup; cores=2',
  'architectures=arm64; cpu=magic; cores=2',
  'architectures=arm64; cpu=none; cores=0',
  'architectures=arm64; cpu=none; cores=many',
])('ignores %j', (header) => {
  expect(parseEmulationHeader(header)).toBeUndefined();
});

it.each(['contended=1.5; raw=3', 'contended=0.5', 'raw=3', 'contended=0.5; raw=-1', 'contended=0; raw=1e300'])(
  'ignores a time that is none: %s',
  (told) => {
    expect(parseEmulationHeader(`architectures=arm64; cpu=none; cores=1; ${told}`)).toEqual({
      emulation: { architectures: ['arm64'], cpu: 'none', cores: 1 },
    });
  },
);
