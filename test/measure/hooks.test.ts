import { describe, expect, it } from 'vitest';
import { measure } from '../../src/measure/engine.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { Sampler } from '../../src/model/engine/sampler.ts';
import type { Hook, HookAnswer } from '../../src/model/hooks.ts';
import { costModel, dependencies, fakePlatform, sourceOn } from './fakePlatform.ts';

const sizes: readonly Configuration[] = [512, 1024, 2048].map((memoryMb) => ({ memoryMb, architecture: 'x86_64' }));

/** Two warm calls at each size. */
const once: Sampler<string> = {
  next: (now, before) =>
    before.length > 0 || now.ending === 'failed'
      ? { kind: 'stop', found: 'done' }
      : {
          kind: 'measure',
          steps: sizes.map((configuration) => ({
            kind: 'calls',
            configuration,
            environment: 0,
            invocations: 3,
            further: 'ownVersion',
            again: 0,
          })),
        },
};

function hook(answer: (input: string, nth: number) => HookAnswer, worstCaseUsd = 0, flag = '--before') {
  const inputs: string[] = [];
  const made: Hook = {
    flag,
    kind: 'function',
    worstCaseUsd,
    async run(input) {
      inputs.push(input);
      return answer(input, inputs.length);
    },
  };
  return { made, inputs };
}

const done = (output: string, costUsd = 0): HookAnswer => ({ kind: 'done', output, costUsd });
const failed = (costUsd = 0): HookAnswer => ({
  kind: 'failed',
  reason: 'it exited with 1',
  lastLines: ['oh'],
  costUsd,
});

async function run(hooks: { before?: Hook; after?: Hook }, maxSpendUsd?: number) {
  const platform = fakePlatform();
  const bodies: string[] = [];
  const watched = {
    ...platform,
    invoke: async (...[deployment, body, signal]: Parameters<typeof platform.invoke>) => {
      bodies.push(body);
      return platform.invoke(deployment, body, signal);
    },
  };
  const subject = {
    sampler: once,
    sources: [sourceOn(watched, { hooks })] as const,
    lanes: sizes.map((configuration) => ({ configuration, earlier: [] })),
    costModel,
    allowedErrors: [],
    maxInFlight: 8,
  };
  const [end] = await measure(
    [{ ...subject, sources: [subject.sources[0]] }],
    { maxInFlight: 8, maxSpendUsd },
    dependencies(),
  );
  if (end === undefined) throw new Error('no end');
  return { end, bodies, measurements: end.lanes.flatMap(({ measurements }) => measurements) };
}

describe('hooks of calls', () => {
  it('are made once around each call, and their cost is spent', async () => {
    const before = hook(() => done('{"made":1}', 0.25));
    const after = hook(() => done('', 0.5), 0, '--after');
    const { end, bodies } = await run({ before: before.made, after: after.made });
    expect(bodies).toEqual(Array.from({ length: bodies.length }, () => '{"made":1}'));
    expect([before.inputs.length, after.inputs.length]).toEqual([bodies.length, bodies.length]);
    expect(new Set(after.inputs)).toEqual(new Set(['null']));
    expect(end.spentUsd).toBeGreaterThan(bodies.length * 0.75);
  });

  it('that fail now and then cost their samples alone', async () => {
    const before = hook((_input, nth) => (nth % 3 === 2 ? failed(0.1) : done('')));
    const { end, measurements, bodies } = await run({ before: before.made });
    const lost = measurements.filter(({ outcome }) => outcome === 'unreported');
    expect(lost.length).toBeGreaterThan(1);
    expect(lost[0]).toMatchObject({
      hook: 'before',
      reason: 'the hook --before failed: it exited with 1; the call was not made',
    });
    expect(end.failure).toBeUndefined();
    expect(bodies).toHaveLength(measurements.length - lost.length);
  });

  it('after a call leave it billed and not measured when they fail', async () => {
    const after = hook((_input, nth) => (nth === 1 ? failed() : done('')), 0, '--after');
    const { end, measurements } = await run({ after: after.made });
    const [lost] = measurements.filter(({ outcome }) => outcome === 'unreported');
    expect(lost).toMatchObject({ hook: 'after', reason: 'the hook --after failed: it exited with 1' });
    const measuredUsd = measurements.reduce((sum, one) => sum + ('costUsd' in one ? one.costUsd : 0), 0);
    expect(end.spentUsd).toBeGreaterThan(measuredUsd);
  });

  it('that answer no JSON fail, and five failures in a row end the run with the hook’s last words', async () => {
    const { end } = await run({ before: hook(() => done('not json')).made });
    expect(end.failure).toMatchObject({
      code: 'HOOK',
      message: 'The hook --before failed 5 times in a row: its answer is not JSON.',
    });
    const words = await run({ before: hook(() => failed()).made });
    expect(words.end.failure).toMatchObject({ code: 'HOOK', lastLog: ['oh'] });
  });

  it('are under the cap with their calls, and lanes that share it do not wait for each other', async () => {
    // Room for one call of the largest size with its hooks at worst (US$ 0.26 + 1 + 1), not for two.
    const [before, after] = [hook(() => done('', 0.001), 1), hook(() => done('', 0.001), 1, '--after')];
    const { end } = await run({ before: before.made, after: after.made }, 2.5);
    expect(end.capReached).toBe(false);
    expect(end.spentUsd).toBeLessThan(2.5);
    const none = await run({ before: before.made, after: after.made }, 1.5);
    expect([none.end.capReached, none.bodies, none.end.spentUsd]).toEqual([true, [], 0]);
  });
});
