import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  CleanupFacts,
  CleanupJournal,
  CleanupOptions,
  FoundFunction,
  FoundLogGroup,
  Tags,
} from '../../../src/aws/cleanup/cleanupModel.ts';
import { planCleanup } from '../../../src/aws/cleanup/cleanupPlan.ts';
import type { JournalContents, Resource } from '../../../src/state/journalFormat.ts';
import type { Liveness } from '../../../src/state/liveness.ts';

const now = new Date('2026-11-23T12:00:00.000Z');
const started = '2026-11-23T10:00:00.000Z';
const over = '2026-11-23T11:59:59.000Z';
const running = '2026-11-23T12:00:01.000Z';

function tags(runId: string, expires: string, created = started): Tags {
  return {
    'lambda-tune:tool': 'lambda-tune',
    'lambda-tune:run': runId,
    'lambda-tune:target': 'orders',
    'lambda-tune:created': created,
    'lambda-tune:expires': expires,
  };
}

function shadow(runId: string, expires: string, change: { number?: number; created?: string } = {}): FoundFunction {
  const name = `tune-${runId}-arm64-${change.number ?? 1}-orders`;
  return {
    name,
    arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
    tags: tags(runId, expires, change.created),
  };
}

function group(runId: string, expires: string): FoundLogGroup {
  return { name: `/aws/lambda/tune-${runId}`, tags: tags(runId, expires) };
}

function journal(runId: string, liveness: Liveness, change: Partial<JournalContents> = {}): CleanupJournal {
  return {
    file: `/state/journals/${runId}.jsonl`,
    runId,
    liveness,
    modifiedAt: new Date(started),
    contents: {
      runId,
      header: {
        runId,
        toolVersion: '0.1.0',
        process: { host: 'build-7', pid: 4711 },
        accountId: '123456789012',
        region: 'eu-west-1',
        startedAt: started,
        expiresAt: running,
      },
      expiresAt: running,
      lastEntryAt: started,
      resources: [],
      problems: [],
      ...change,
    },
  };
}

function plan(facts: Partial<CleanupFacts>, options: CleanupOptions = {}) {
  return planCleanup(
    { region: 'eu-west-1', journals: [], functions: [], logGroups: [], functionsListed: true, ...facts },
    now,
    options,
  );
}

/** `delete tune-… leasePassed` */
function lines(facts: Partial<CleanupFacts>, options: CleanupOptions = {}): readonly string[] {
  return plan(facts, options).items.map(({ action, resource, why }) => {
    const name = resource.kind === 'stagedObject' ? resource.key : resource.name;
    return `${action} ${name} ${why}`;
  });
}

const fn = 'tune-k3x9-arm64-1-orders';
const lg = '/aws/lambda/tune-k3x9';

describe('planCleanup without options', () => {
  it('deletes what a dead process on this machine made, whatever its lease', () => {
    const dead = journal('k3x9', 'dead');
    const facts = { journals: [dead], functions: [shadow('k3x9', running)], logGroups: [group('k3x9', running)] };
    expect(lines(facts)).toEqual([`delete ${fn} processEnded`, `delete ${lg} processEnded`]);
    expect(plan(facts).finishedJournals).toEqual([dead]);
  });

  it('deletes, without any journal, what is named and tagged and whose lease has passed', () => {
    const facts = { functions: [shadow('k3x9', over)], logGroups: [group('k3x9', over)] };
    expect(lines(facts)).toEqual([`delete ${fn} leasePassed`, `delete ${lg} leasePassed`]);
  });

  it('keeps what may be in use elsewhere', () => {
    const facts = { functions: [shadow('k3x9', running)], logGroups: [group('k3x9', running)] };
    expect(lines(facts)).toEqual([`keep ${fn} leaseRuns`, `keep ${lg} leaseRuns`]);
  });

  it('takes the latest lease of a run for all of it: a renewal writes one tag after the other', () => {
    const functions = [shadow('k3x9', over), shadow('k3x9', running, { number: 2 })];
    expect(lines({ functions })).toEqual([`keep ${fn} leaseRuns`, 'keep tune-k3x9-arm64-2-orders leaseRuns']);
    expect(lines({ functions: [shadow('k3x9', over)], journals: [journal('k3x9', 'unknown')] })).toEqual([
      `keep ${fn} leaseRuns`,
    ]);
  });

  it('keeps the things of a process that is alive here, even when its lease has passed (a suspended machine)', () => {
    const journals = [journal('k3x9', 'alive', { expiresAt: over })];
    const facts = { journals, functions: [shadow('k3x9', over)], logGroups: [group('k3x9', over)] };
    expect(lines(facts)).toEqual([`keep ${fn} processAlive`, `keep ${lg} processAlive`]);
    expect(plan(facts).finishedJournals).toEqual([]);
  });

  it('keeps a function that is only named like a shadow, or whose tags say another run or another tool', () => {
    const stranger = { ...shadow('k3x9', over), tags: { team: 'payments' } };
    const otherRun = { ...shadow('k3x9', over), tags: tags('other', over) };
    const otherTool = { ...shadow('k3x9', over), tags: { ...tags('k3x9', over), 'lambda-tune:tool': 'tune-o-matic' } };
    for (const each of [stranger, otherRun, otherTool]) {
      expect(lines({ functions: [each] })).toEqual([`keep ${fn} notTagged`]);
      expect(lines({ functions: [each] }, { all: true })).toEqual([`keep ${fn} notTagged`]);
      expect(lines({ functions: [each] }, { runId: 'k3x9' })).toEqual([`keep ${fn} notTagged`]);
      expect(lines({ functions: [each], journals: [journal('k3x9', 'dead')] })).toEqual([`keep ${fn} notTagged`]);
    }
  });

  it('keeps a function whose tags may not be read', () => {
    const facts = { functions: [{ ...shadow('k3x9', over), tags: undefined }], journals: [journal('k3x9', 'dead')] };
    expect(lines(facts)).toEqual([`keep ${fn} tagsUnreadable`]);
    expect(plan(facts).finishedJournals).toEqual([]);
  });

  it.each(['', 'never', '1', '2026-13-45T00:00:00Z', '2026-11-23', '2026-11-23T11:59:59+14:00'])(
    'does not take the lease "%s" for a passed one',
    (expires) => {
      expect(lines({ functions: [shadow('k3x9', expires)] })).toEqual([`keep ${fn} leaseUnknown`]);
    },
  );

  it('does not delete by a journal what another run of the same id made', () => {
    const functions = [shadow('k3x9', running, { created: '2026-11-23T11:30:00.000Z' })];
    expect(lines({ functions, journals: [journal('k3x9', 'dead')] })).toEqual([`keep ${fn} leaseRuns`]);
  });

  it('deletes staged objects that a dead run’s journal names, but no other keys', () => {
    const staged = (key: string, bucket = 'my-staging'): Resource => ({
      kind: 'stagedObject',
      bucket,
      key,
      region: 'eu-west-1',
    });
    const resources = [
      staged('lambda-tune/k3x9/arm64.zip'),
      staged('lambda-tune/other/arm64.zip'),
      staged('production/data.zip'),
      staged('lambda-tune/k3x9/arm64.zip', 'Not;A$Bucket'),
    ].map((resource) => ({ resource, intendedAt: started, made: true }));
    expect(lines({ journals: [journal('k3x9', 'dead', { resources })] })).toEqual([
      'delete lambda-tune/k3x9/arm64.zip processEnded',
    ]);
    expect(lines({ journals: [journal('k3x9', 'unknown', { resources })] })).toEqual([
      'keep lambda-tune/k3x9/arm64.zip leaseRuns',
    ]);
  });
});

describe('planCleanup with options', () => {
  const facts = {
    functions: [shadow('aaa', running), shadow('bbb', over)],
    logGroups: [group('aaa', running), group('bbb', over)],
  };

  it('--run takes that run alone, whatever its lease', () => {
    expect(lines(facts, { runId: 'aaa' })).toEqual([
      'delete tune-aaa-arm64-1-orders runNamed',
      'delete /aws/lambda/tune-aaa runNamed',
    ]);
  });

  it('--all takes those, too, whose lease still runs, and marks them as what has to be asked for', () => {
    expect(lines(facts, { all: true })).toEqual([
      'delete tune-aaa-arm64-1-orders allAsked',
      'delete /aws/lambda/tune-aaa allAsked',
      'delete tune-bbb-arm64-1-orders leasePassed',
      'delete /aws/lambda/tune-bbb leasePassed',
    ]);
  });

  it('neither takes what a process that is alive here made', () => {
    const alive = { ...facts, journals: [journal('aaa', 'alive')] };
    for (const options of [{ all: true }, { runId: 'aaa' }]) {
      expect(lines(alive, options).filter((line) => line.includes('aaa'))).toEqual([
        'keep tune-aaa-arm64-1-orders processAlive',
        'keep /aws/lambda/tune-aaa processAlive',
      ]);
    }
  });

  it('--older-than narrows to what was made that long ago', () => {
    const hour = 3_600_000;
    expect(lines({ functions: [shadow('bbb', over)] }, { olderThanMs: 2 * hour })).toEqual([
      'delete tune-bbb-arm64-1-orders leasePassed',
    ]);
    expect(lines({ functions: [shadow('bbb', over)] }, { olderThanMs: 2 * hour + 1 })).toEqual([
      'keep tune-bbb-arm64-1-orders tooYoung',
    ]);
  });
});

describe('planCleanup of log groups', () => {
  const untagged = (writers: NonNullable<FoundLogGroup['writers']>): FoundLogGroup => ({ name: lg, tags: {}, writers });

  it('deletes an untagged one to which only shadows wrote, when no function of its run is left', () => {
    expect(lines({ logGroups: [untagged('shadows')] })).toEqual([`delete ${lg} nothingLeftOfRun`]);
  });

  it('keeps an empty untagged one, whatever is asked for: anyone may have made it', () => {
    for (const options of [{}, { all: true }, { runId: 'k3x9' }]) {
      expect(lines({ logGroups: [untagged('nobody')] }, options)).toEqual([`keep ${lg} emptyUntagged`]);
      expect(lines({ logGroups: [untagged('nobody')], journals: [journal('k3x9', 'dead')] }, options)).toEqual([
        `keep ${lg} emptyUntagged`,
      ]);
    }
    const made = (isMade: boolean) =>
      journal('k3x9', 'dead', {
        resources: [
          { resource: { kind: 'logGroup', name: lg, region: 'eu-west-1' }, intendedAt: started, made: isMade },
        ],
      });
    expect(lines({ logGroups: [untagged('nobody')], journals: [made(false)] })).toEqual([`keep ${lg} emptyUntagged`]);
    expect(lines({ logGroups: [untagged('nobody')], journals: [made(true)] })).toEqual([`delete ${lg} processEnded`]);
  });

  it('takes a function whose tags may not be read for a copy when it logs to the log group of its run', () => {
    const hidden = { ...shadow('k3x9', over), tags: undefined };
    const dead = { journals: [journal('k3x9', 'dead')] };
    expect(lines({ ...dead, functions: [{ ...hidden, logGroup: lg }] })).toEqual([`delete ${fn} processEnded`]);
    expect(lines({ ...dead, functions: [{ ...hidden, logGroup: '/aws/lambda/tune-other' }] })).toEqual([
      `keep ${fn} tagsUnreadable`,
    ]);
    expect(lines({ functions: [{ ...hidden, logGroup: lg }] })).toEqual([`keep ${fn} leaseUnknown`]);
  });

  it('keeps one that may be another function’s, whatever is asked for', () => {
    for (const options of [{}, { all: true }, { runId: 'k3x9' }]) {
      expect(lines({ logGroups: [untagged('others')] }, options)).toEqual([`keep ${lg} othersLogs`]);
      expect(lines({ logGroups: [untagged('others')], journals: [journal('k3x9', 'dead')] }, options)).toEqual([
        `keep ${lg} othersLogs`,
      ]);
    }
  });

  it('keeps an untagged one while a function of its run is kept', () => {
    expect(lines({ functions: [shadow('k3x9', running)], logGroups: [untagged('shadows')] })).toEqual([
      `keep ${fn} leaseRuns`,
      `keep ${lg} leaseRuns`,
    ]);
    const unreadable = { ...shadow('k3x9', over), tags: undefined };
    expect(lines({ functions: [unreadable], logGroups: [untagged('shadows')] })).toEqual([
      `keep ${fn} tagsUnreadable`,
      `keep ${lg} functionsRemain`,
    ]);
  });

  it('deletes an untagged one together with the last functions of its run', () => {
    expect(lines({ functions: [shadow('k3x9', over)], logGroups: [untagged('shadows')] })).toEqual([
      `delete ${fn} leasePassed`,
      `delete ${lg} leasePassed`,
    ]);
  });

  it('keeps an untagged one when functions could not be listed and no journal tells of its run', () => {
    expect(lines({ logGroups: [untagged('shadows')], functionsListed: false })).toEqual([`keep ${lg} leaseUnknown`]);
    const dead = journal('k3x9', 'dead');
    expect(lines({ logGroups: [untagged('shadows')], functionsListed: false, journals: [dead] })).toEqual([
      `delete ${lg} processEnded`,
    ]);
  });

  it('keeps a tagged one of a run that has no function yet', () => {
    expect(lines({ logGroups: [group('k3x9', running)] })).toEqual([`keep ${lg} leaseRuns`]);
  });

  it('keeps one whose tags may not be read, unless the journal of a dead run says that it was made', () => {
    const hidden: FoundLogGroup = { name: lg, tags: undefined, writers: 'unreadable' };
    expect(lines({ logGroups: [hidden] })).toEqual([`keep ${lg} tagsUnreadable`]);
    const resources = [
      { resource: { kind: 'logGroup', name: lg, region: 'eu-west-1' } as const, intendedAt: started, made: true },
    ];
    expect(lines({ logGroups: [hidden], journals: [journal('k3x9', 'dead', { resources })] })).toEqual([
      `delete ${lg} processEnded`,
    ]);
  });
});

describe('planCleanup of journals', () => {
  const finished = (each: CleanupJournal, options: CleanupOptions = {}, functionsListed = true) =>
    plan({ journals: [each], functionsListed }, options).finishedJournals.length === 1;

  it('ends those of dead runs of which nothing is found', () => {
    expect(finished(journal('k3x9', 'dead'))).toBe(true);
    expect(finished(journal('k3x9', 'alive'))).toBe(false);
    expect(finished(journal('k3x9', 'unknown'))).toBe(false);
    expect(finished(journal('k3x9', 'unknown', { expiresAt: over }))).toBe(true);
    expect(finished(journal('k3x9', 'unknown'), { runId: 'k3x9' })).toBe(true);
  });

  it('ends a damaged one only after a look at the whole account, and never one of another version', () => {
    const damaged = journal('k3x9', 'dead', { problems: [{ line: 3, problem: 'damaged' }] });
    expect(finished(damaged)).toBe(true);
    expect(finished(damaged, {}, false)).toBe(false);
    expect(finished(journal('k3x9', 'dead', { problems: [{ line: 3, problem: 'torn' }] }), {}, false)).toBe(true);
    expect(finished(journal('k3x9', 'dead', { problems: [{ line: 3, problem: 'otherVersion' }] }))).toBe(false);
  });

  it('ends one that was never begun, when it is a minute old', () => {
    const empty = (modifiedAt: Date): CleanupJournal => ({
      file: '/state/journals/k3x9.jsonl',
      runId: 'k3x9',
      liveness: 'unknown',
      modifiedAt,
      contents: { resources: [], problems: [{ line: 1, problem: 'torn' }] },
    });
    expect(finished(empty(new Date(now.getTime() - 59_000)))).toBe(false);
    expect(finished(empty(new Date(now.getTime() - 61_000)))).toBe(true);
  });
});

describe('planCleanup on any account', () => {
  const runIds = ['aaa', 'bbb', 'ccc'] as const;
  const anyTags: fc.Arbitrary<Tags | undefined> = fc.oneof(
    fc.constant(undefined),
    fc.constant({}),
    fc
      .record({
        runId: fc.constantFrom(...runIds),
        expires: fc.constantFrom(over, running, 'x'),
        created: fc.constantFrom(started, over),
      })
      .map(({ runId, expires, created }) => tags(runId, expires, created)),
  );
  const anyFunction = fc
    .record({ runId: fc.constantFrom(...runIds), number: fc.integer({ min: 1, max: 3 }), tags: anyTags })
    .map(({ runId, number, tags: found }) => ({ ...shadow(runId, over, { number }), tags: found }));
  const anyGroup = fc
    .record({
      runId: fc.constantFrom(...runIds),
      tags: anyTags,
      writers: fc.constantFrom('shadows' as const, 'nobody' as const, 'others' as const, 'unreadable' as const),
    })
    .map(({ runId, tags: found, writers }) => ({ name: `/aws/lambda/tune-${runId}`, tags: found, writers }));
  const anyJournal = fc
    .record({
      runId: fc.constantFrom(...runIds),
      liveness: fc.constantFrom('alive' as const, 'dead' as const, 'unknown' as const),
      expiresAt: fc.constantFrom(over, running),
    })
    .map(({ runId, liveness, expiresAt }) => journal(runId, liveness, { expiresAt }));
  const anyOptions: fc.Arbitrary<CleanupOptions> = fc.constantFrom(
    {},
    { all: true },
    { runId: 'aaa' },
    { olderThanMs: 60_000 },
  );

  it('never deletes a function without both name and tags, nor anything of a live process, nor under a lease that runs unless asked', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyFunction, { selector: ({ name }) => name }),
        fc.uniqueArray(anyGroup, { selector: ({ name }) => name }),
        fc.uniqueArray(anyJournal, { selector: ({ runId }) => runId }),
        anyOptions,
        fc.boolean(),
        (functions, logGroups, journals, options, functionsListed) => {
          const { items } = plan({ functions, logGroups, journals, functionsListed }, options);
          for (const { action, resource, runId } of items) {
            if (action === 'keep' || resource.kind === 'stagedObject') continue;
            const found = [...functions, ...logGroups].find(({ name }) => name === resource.name);
            const own = found?.tags?.['lambda-tune:run'] === runId ? found.tags : undefined;
            if (resource.kind === 'function') expect(own).toBeDefined();
            if (options.runId !== undefined) expect(runId).toBe(options.runId);
            const ofRun = journals.find((each) => each.runId === runId);
            const isOfJournal = own === undefined || own['lambda-tune:created'] === started;
            if (isOfJournal) expect(ofRun?.liveness).not.toBe('alive');
            if (own?.['lambda-tune:expires'] === running && !options.all && options.runId === undefined) {
              expect(ofRun?.liveness).toBe('dead');
              expect(isOfJournal).toBe(true);
            }
            // A group goes only with or after all functions of its run.
            if (resource.kind === 'logGroup') {
              const kept = items.filter(
                (each) => each.runId === runId && each.resource.kind === 'function' && each.action === 'keep',
              );
              expect(kept).toEqual([]);
            }
          }
        },
      ),
      { seed: 7, numRuns: 3_000 },
    );
  });
});
