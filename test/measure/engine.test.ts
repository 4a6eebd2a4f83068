import { describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import { measure } from '../../src/measure/engine.ts';
import type { Source, Subject } from '../../src/measure/subject.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { Sampler, SoFar } from '../../src/model/engine/sampler.ts';
import type { LaneStep } from '../../src/model/engine/step.ts';
import type { Deployment } from '../../src/model/platform.ts';
import { costModel, dependencies, facts, fakePlatform, type Script, sourceOn } from './fakePlatform.ts';

const small: Configuration = { memoryMb: 512, architecture: 'x86_64' };
const own: Configuration = { memoryMb: 1024, architecture: 'x86_64' };
const arm: Configuration = { memoryMb: 1024, architecture: 'arm64' };

function calls(configuration: Configuration, invocations: number, environment = 0): LaneStep {
  return { kind: 'calls', configuration, environment, invocations, further: 'ownVersion', again: 0 };
}

/** These rounds one after another; says how often it was asked. */
function inRounds(...rounds: readonly (readonly LaneStep[])[]): Sampler<number> {
  return {
    next(now, before) {
      const steps = rounds[before.length];
      return steps === undefined || now.ending === 'failed'
        ? { kind: 'stop', found: before.length }
        : { kind: 'measure', steps };
    },
  };
}

function subjectOf(
  sampler: Sampler<number>,
  sources: readonly [Source, ...Source[]],
  configurations: readonly Configuration[] = [own],
): Subject<number> {
  return {
    sampler,
    sources,
    lanes: configurations.map((configuration) => ({ configuration, earlier: [] })),
    costModel,
    allowedErrors: [],
    maxInFlight: 8,
  };
}

async function run(sampler: Sampler<number>, script: Script = {}, configurations: readonly Configuration[] = [own]) {
  const platform = fakePlatform(script);
  const deps = dependencies();
  const [end] = await measure([subjectOf(sampler, [sourceOn(platform)], configurations)], { maxInFlight: 8 }, deps);
  if (end === undefined) throw new Error('no end');
  return { end, platform, deps };
}

describe('the engine', () => {
  it('holds the lease from before the first copy until the last is removed, also when it fails', async () => {
    const leases = ['held after 0', 'let go after remove'];
    expect((await run(inRounds([calls(own, 2)]))).platform.leases).toEqual(leases);
    const failing: Script = {
      deploy: () => {
        throw new TuneError('SERVICE', 'no');
      },
    };
    expect((await run(inRounds([calls(own, 2)]), failing)).platform.leases).toEqual(leases);
  });

  it('makes what the sampler asks for, round by round, removes the copies and says what was found', async () => {
    const { end, platform } = await run(inRounds([calls(own, 2)], [calls(own, 1)]));
    expect(end.found).toBe(2);
    expect(end.failure).toBeUndefined();
    expect(end.lanes[0]?.measurements.map(({ start }) => start)).toEqual(['cold', 'warm', 'warm', 'warm']);
    expect(platform.log).toEqual([
      'deploy x86_64 1024',
      ...Array.from({ length: 4 }, () => 'invoke x86_64 1024'),
      'remove',
    ]);
  });

  it('asks the reference first: the setting that the function has, before any other copy is invoked', async () => {
    const { platform } = await run(inRounds([calls(small, 1), calls(arm, 1), calls(own, 1)]), {}, [small, arm, own]);
    const invoked = platform.log.filter((line) => line.startsWith('invoke'));
    expect(invoked[0]).toBe('invoke x86_64 1024');
    expect(invoked.slice(1).toSorted()).toEqual(['invoke arm64 1024', 'invoke x86_64 1024', 'invoke x86_64 512']);
    expect(platform.log[0]).toBe('deploy x86_64 1024');
  });

  it('gives a lane to a configuration that a step names for the first time', async () => {
    const { end } = await run(inRounds([calls(arm, 2)]));
    expect(end.lanes.map(({ configuration, measurements }) => [configuration, measurements.length])).toEqual([
      [own, 1],
      [arm, 2],
    ]);
  });

  it('hands the sampler everything measured, as it stood before each round', async () => {
    const seen: (readonly number[])[] = [];
    const counted = ({ lanes }: SoFar) => lanes.reduce((sum, { measurements }) => sum + measurements.length, 0);
    const two = inRounds([calls(own, 2)], [calls(own, 3)]);
    await run({
      next(now, before) {
        seen.push([...before, now].map(counted));
        return two.next(now, before);
      },
    });
    expect(seen).toEqual([[1], [1, 3], [1, 3, 6]]);
  });

  it('does nothing at all where an earlier run has answered everything', async () => {
    const platform = fakePlatform();
    const [first] = (await run(inRounds([calls(own, 1)]))).end.lanes;
    const earlier = first?.measurements ?? [];
    const subject = { ...subjectOf(inRounds(), [sourceOn(platform)]), lanes: [{ configuration: own, earlier }] };
    const deps = dependencies();
    const [end] = await measure([subject], { maxInFlight: 1 }, deps);
    expect(end?.found).toBe(0);
    expect(platform.log).toEqual(['remove']);
    expect(deps.events).toEqual([{ kind: 'stage', stage: 'cleanUp' }]);
  });

  it('makes the failure of one lane its row, and goes on with the others', async () => {
    const refused = new TuneError('NOT_MEASURED', 'Lambda refuses this size.');
    const { end } = await run(
      inRounds([calls(small, 2), calls(own, 2)]),
      {
        deploy({ memoryMb }) {
          if (memoryMb === 512) throw refused;
        },
      },
      [own, small],
    );
    expect(end.failure).toBeUndefined();
    expect(end.lanes.map(({ measurements }) => measurements.length)).toEqual([3, 0]);
    expect(end.lanes[1]?.stopped).toEqual({ kind: 'unmeasured', reason: 'Lambda refuses this size.', error: refused });
  });

  it('is ended by an error that concerns the whole run, and has removed the copies then', async () => {
    const denied = new TuneError('ACCESS_DENIED', 'no lambda:InvokeFunction');
    const { end, platform } = await run(inRounds([calls(own, 5)], [calls(own, 5)]), {
      call({ nth }) {
        if (nth === 2) throw denied;
        return {};
      },
    });
    expect(end.failure).toBe(denied);
    expect(end.lanes[0]?.measurements).toHaveLength(2);
    expect(end.found).toBe(1);
    expect(platform.log.at(-1)).toBe('remove');
  });

  it('removes the copies whatever goes wrong: in the sampler, in the reference, in the logs', async () => {
    const bug = new Error('a bug');
    const sampler: Sampler<number> = {
      next: () => {
        throw bug;
      },
    };
    const wrong = await run(sampler);
    expect([wrong.end.failure, wrong.platform.log.at(-1)]).toEqual([bug, 'remove']);

    const fails = await run(inRounds([calls(own, 5)]), { call: () => ({ functionError: 'KeyError' }) });
    expect(fails.end.failure).toMatchObject({ code: 'NOT_MEASURED', message: expect.stringContaining('KeyError: no') });
    expect(fails.platform.log).toEqual([
      'deploy x86_64 1024',
      ...Array.from({ length: 3 }, () => 'invoke x86_64 1024'),
      'remove',
    ]);

    const platform = fakePlatform();
    const noLogs = { ...platform, environments: async () => Promise.reject(bug) };
    const [end] = await measure(
      [subjectOf(inRounds([calls(own, 2), calls(own, 2, 1)]), [sourceOn(noLogs)])],
      { maxInFlight: 8 },
      dependencies(),
    );
    expect([end?.failure, platform.log.at(-1)]).toEqual([bug, 'remove']);
  });

  it('sends nothing more once it is interrupted, which is no failure, and removes the copies', async () => {
    const interruption = new AbortController();
    const platform = fakePlatform({
      call({ nth }) {
        if (nth === 2) interruption.abort();
        return {};
      },
    });
    const [end] = await measure(
      [subjectOf(inRounds([calls(own, 9)], [calls(own, 9)]), [sourceOn(platform)])],
      { maxInFlight: 8 },
      dependencies(interruption.signal),
    );
    expect(end).toMatchObject({ found: undefined, failure: undefined });
    expect(end?.lanes[0]?.measurements).toHaveLength(3);
    expect(platform.log.at(-1)).toBe('remove');
  });

  it('makes cold starts after the calls of a lane, each in an environment of its own, and then releases it', async () => {
    const sampler: Sampler<number> = {
      ...inRounds([{ kind: 'coldStarts', configuration: own, wanted: 3 }, calls(own, 2)]),
      isDone: () => true,
    };
    const { end, platform } = await run(sampler);
    expect(end.lanes[0]?.measurements.map(({ start }) => start)).toEqual([
      'cold',
      'warm',
      'warm',
      'cold',
      'warm',
      'cold',
    ]);
    // One environment a version here: each further version brings one cold start.
    expect(platform.log.filter((line) => line.startsWith('re'))).toEqual([
      'renew x86_64 1024',
      'renew x86_64 1024',
      'release x86_64 1024',
      'remove',
    ]);
  });

  it('lets the copy of a configuration go that is done, while the others are measured', async () => {
    let isReleased: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      isReleased = resolve;
    });
    const sampler: Sampler<number> = {
      ...inRounds([calls(small, 2), calls(own, 3)]),
      isDone: ({ configuration, measurements }) => configuration === small && measurements.length === 2,
    };
    const platform = fakePlatform({
      // The other lane has its last answer only when the copy of this one has gone.
      async call({ nth, configuration }) {
        if (configuration === own && nth === 3) await released;
        return {};
      },
    });
    const release = async (deployment: Deployment) => {
      await platform.release(deployment);
      isReleased();
    };
    const source = sourceOn({ ...platform, release });
    const [end] = await measure([subjectOf(sampler, [source], [own, small])], { maxInFlight: 8 }, dependencies());
    expect(end?.lanes.map(({ measurements }) => measurements.length)).toEqual([4, 2]);
    expect(platform.log.filter((line) => line.startsWith('re'))).toEqual(['release x86_64 512', 'remove']);
  });

  it('reads the logs while the copies go', async () => {
    const platform = fakePlatform();
    let isRemoved: () => void = () => undefined;
    const removed = new Promise<void>((resolve) => {
      isRemoved = resolve;
    });
    const source = sourceOn({
      ...platform,
      async environments(since, signal) {
        const streams = await platform.environments(since, signal);
        await removed;
        return streams;
      },
      async remove() {
        isRemoved();
        return platform.remove();
      },
    });
    const sampler = inRounds([calls(own, 2), calls(own, 2, 1)]);
    const [end] = await measure([subjectOf(sampler, [source])], { maxInFlight: 8 }, dependencies());
    expect([end?.failure, ...platform.log.slice(-2)]).toEqual([undefined, 'environments', 'remove']);
  });

  it('tells what was measured while the copies go, and removes them whatever becomes of that', async () => {
    const bug = new Error('a bug');
    let isTold: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      isTold = resolve;
    });
    const platform = fakePlatform();
    const source = sourceOn({
      ...platform,
      async remove() {
        await told;
        return platform.remove();
      },
    });
    const seen: number[] = [];
    const measured: Subject<number>['measured'] = (lanes, found) => {
      seen.push(...lanes.map(({ measurements }) => measurements.length), found ?? -1);
      isTold();
      throw bug;
    };
    const subject = { ...subjectOf(inRounds([calls(own, 2)]), [source]), measured };
    const [end] = await measure([subject], { maxInFlight: 8 }, dependencies());
    expect([seen, end?.failure, platform.log.at(-1)]).toEqual([[3, 1], bug, 'remove']);
  });

  it('calls no chain whose environment was refused where each must have its own, and says so once', async () => {
    const step = (environment: number): LaneStep => ({
      kind: 'calls',
      configuration: own,
      environment,
      invocations: 2,
      further: 'ownVersionOnly',
      again: 0,
    });
    const { end, deps } = await run(inRounds([step(1), step(2)]), {
      renew() {
        throw new Error('too many versions');
      },
    });
    expect(end.lanes[0]?.measurements).toHaveLength(1);
    const warnings = deps.events.flatMap((event) => (event.kind === 'warning' ? [event.warning.text] : []));
    expect(warnings).toEqual([
      'No further environment can be opened for 1,024 MB on x86_64, and a verdict needs several hosts: too many versions',
    ]);
  });
});

describe('several functions in one run of the engine', () => {
  /** At 1 s a warm call is US$ 0.01 and a cold one 0.0109; its worst case is 0.13. */
  const slow: Script = { call: () => ({ billedMs: 1000 }) };

  async function fleet(subjects: readonly Subject<number>[], limits: Parameters<typeof measure>[1]) {
    const deps = dependencies();
    return { ends: await measure(subjects, limits, deps), deps };
  }

  it('never spend more than the one cap, all together, whoever needs it', async () => {
    const subject = () => subjectOf(inRounds([calls(own, 50)]), [sourceOn(fakePlatform(slow))]);
    const { ends, deps } = await fleet([subject(), subject(), subject()], { maxInFlight: 8, maxSpendUsd: 0.6 });
    const spentUsd = ends.reduce((sum, end) => sum + end.spentUsd, 0);
    expect(spentUsd).toBeLessThanOrEqual(0.6);
    expect(spentUsd).toBeGreaterThan(0.4);
    expect(ends.map(({ capReached }) => capReached)).toEqual([true, true, true]);
    const told = deps.events.flatMap((event) => (event.kind === 'measured' ? [event.spentUsd] : []));
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    expect(told.at(-1)).toBeCloseTo(spentUsd, 9);
  });

  it('keep the lower cap of one function, and leave the rest to the others', async () => {
    const subject = (maxSpendUsd?: number): Subject<number> => ({
      ...subjectOf(inRounds([calls(own, 20)]), [sourceOn(fakePlatform(slow))]),
      maxSpendUsd,
    });
    const { ends } = await fleet([subject(0.16), subject()], { maxInFlight: 8, maxSpendUsd: 5 });
    expect(ends.map(({ capReached }) => capReached)).toEqual([true, false]);
    expect(ends[0]?.spentUsd).toBeLessThanOrEqual(0.16);
    expect(ends[1]?.lanes[0]?.measurements).toHaveLength(21);
  });

  it('share one bound on what is in flight, and each keeps its own', async () => {
    let inFlight = 0;
    let widest = 0;
    const counted: Script = {
      async call() {
        inFlight += 1;
        widest = Math.max(widest, inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return {};
      },
    };
    const all = [small, own, arm];
    const platforms = [fakePlatform(counted), fakePlatform(counted), fakePlatform(counted)];
    const subjects = platforms.map(
      (platform, index): Subject<number> => ({
        ...subjectOf(inRounds(all.map((one) => calls(one, 4))), [sourceOn(platform)], all),
        maxInFlight: index === 0 ? 1 : 8,
      }),
    );
    await fleet(subjects, { maxInFlight: 4 });
    expect(widest).toBe(4);
    expect(platforms[0]?.widest).toBe(1);
  });

  it('are each ended by their own errors alone', async () => {
    const denied = new TuneError('ACCESS_DENIED', 'no iam:PassRole');
    const refused: Script = {
      deploy() {
        throw denied;
      },
    };
    const bad = fakePlatform(refused);
    const named = { ...subjectOf(inRounds([calls(own, 3)]), [sourceOn(bad, { name: 'bills' })]), name: 'bills' };
    const good = { ...subjectOf(inRounds([calls(own, 3)]), [sourceOn(fakePlatform())]), name: 'orders' };
    const { ends, deps } = await fleet([named, good], { maxInFlight: 8 });
    expect(ends[0]?.failure).toMatchObject({ code: 'ACCESS_DENIED', message: 'bills: no iam:PassRole' });
    expect(bad.log.at(-1)).toBe('remove');
    expect(ends[1]).toMatchObject({ failure: undefined, found: 1 });
    const names = deps.events.flatMap((event) => (event.kind === 'measured' ? [event.functionName] : []));
    expect(new Set(names)).toEqual(new Set(['orders']));
  });

  it('have one course of stages, clean up when the last has been measured, and tell everything that is left', async () => {
    const left = { kind: 'function', name: 'copy', region: 'test-1', reason: 'no', command: 'aws …' } as const;
    const subject = (sampler: Sampler<number>) => subjectOf(sampler, [sourceOn(fakePlatform({ leftBehind: [left] }))]);
    const { deps } = await fleet([subject(inRounds()), subject(inRounds([calls(own, 9)]))], { maxInFlight: 1 });
    const stages = deps.events.flatMap((event) => (event.kind === 'stage' ? [event.stage] : []));
    expect(stages).toEqual(['reference', 'measure', 'cleanUp']);
    const counts = deps.events.flatMap((event) => (event.kind === 'leftBehind' ? [event.items.length] : []));
    expect(counts).toEqual([1, 2]);
  });

  it('wait for their turn where only so many may be measured at a time', async () => {
    const platforms = [fakePlatform(), fakePlatform()] as const;
    const order: string[] = [];
    const subjects = platforms.map((platform, index) =>
      subjectOf(inRounds([calls(own, 2)]), [
        sourceOn({
          ...platform,
          deploy(...given) {
            order.push(`deploy ${index}`);
            return platform.deploy(...given);
          },
          remove() {
            order.push(`remove ${index}`);
            return platform.remove();
          },
        }),
      ]),
    );
    await fleet(subjects, { maxInFlight: 8, sideBySide: 1 });
    expect(order).toEqual(['deploy 0', 'remove 0', 'deploy 1', 'remove 1']);
  });
});

describe('variants', () => {
  const before: Configuration = { ...own, variant: { name: 'baseline', changes: {} } };

  it('have their copies made by the source that serves them, each of which asks its own reference', async () => {
    const [current, baseline] = [fakePlatform(), fakePlatform()];
    const sources = [
      sourceOn(current, { environments: 'ownVersions' }),
      sourceOn(baseline, { variant: 'baseline', environments: 'ownVersions', facts: { ...facts, memoryMb: 512 } }),
    ] as const;
    const [end] = await measure(
      [subjectOf(inRounds([calls(own, 1), calls(before, 2, 1)]), sources, [own, before])],
      { maxInFlight: 8 },
      dependencies(),
    );
    expect(current.log).toEqual(['deploy x86_64 1024', 'invoke x86_64 1024', 'invoke x86_64 1024', 'remove']);
    expect(baseline.log).toEqual([
      'deploy x86_64 1024 baseline',
      'invoke x86_64 1024 baseline',
      'renew x86_64 1024 baseline',
      'invoke x86_64 1024 baseline',
      'invoke x86_64 1024 baseline',
      'remove',
    ]);
    expect(end?.lanes.map(({ measurements }) => measurements.map(({ environment }) => environment))).toEqual([
      ['1', '1'],
      ['1', '2', '2'],
    ]);
  });

  it('without a source of their own are deployed by the first one', async () => {
    const node24: Configuration = { ...own, variant: { name: 'nodejs24.x', changes: {} } };
    const { platform, end } = await run(inRounds([calls(node24, 2)]), {}, [own, node24]);
    expect(platform.log).toContain('deploy x86_64 1024 nodejs24.x');
    expect(end.lanes[1]?.measurements).toHaveLength(2);
  });
});
