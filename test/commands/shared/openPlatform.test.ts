import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConnections } from '../../../src/commands/shared/connections.ts';
import { planJob } from '../../../src/commands/shared/job.ts';
import { openPlatform } from '../../../src/commands/shared/openPlatform.ts';
import { recordRun } from '../../../src/commands/shared/runRecord.ts';
import { openSession } from '../../../src/commands/shared/session.ts';
import type { RunEvent } from '../../../src/model/engine/events.ts';
import { withDefaults } from '../../../src/options/defaults.ts';
import { resolveOptions } from '../../../src/options/options.ts';
import { awsRun } from '../../reporters/savedRuns.ts';
import type { FakeProcess } from '../../support/fakeIo.ts';
import { inLabAccount } from '../labAccount.ts';

const given = resolveOptions(undefined, { function: 'orders' });
const options = withDefaults('tune', given);
const memory = { memoryMb: [512], warnings: [] };

describe('a run that may begin', () => {
  const account = inLabAccount();
  const planned = async (change: FakeProcess = {}) => {
    await account().lab.create();
    account().under({});
    const { io } = account().process({ speed: 20, ...change });
    const session = await openSession('orders', options, memory, io, openConnections(io));
    const decided = { ...options, architecture: ['x86_64' as const], invocations: 4, concurrency: 1 };
    const payloads = [{ name: 'payload', body: '{}', weight: 1 }];
    return { io, session, job: planJob(decided, session, memory, payloads, { id: 'k3x9', seed: 7 }) };
  };
  /** No folder can be made below a file. */
  const unusable = () => {
    writeFileSync(join(account().folder, 'file'), '');
    return join(account().folder, 'file', 'folder');
  };
  const stateIn = (folder: string) => ({ TUNE_STATE_DIR: folder, AWS_REGION: 'us-east-1' });
  const journal = () => join(account().folder, 'journals', 'k3x9.jsonl');
  const writes = () =>
    account()
      .lab.endpoint.calls()
      .filter(({ operation }) => /^(Create|Put|Delete|Update|Invoke|Publish)/.test(operation))
      .map(({ operation }) => operation);

  it('has its journal on the disk before anything is made, and none when nothing is left', async () => {
    const { io, session, job } = await planned();
    const before = writes();
    const { close, warnings } = await openPlatform(job, session, options, io, () => undefined);
    const [header] = readFileSync(journal(), 'utf8').split('\n');
    expect(header).toContain('"runId":"k3x9"');
    expect([warnings(), writes()]).toEqual([[], before]);
    close();
    expect(existsSync(journal())).toBe(false);
  });

  it('creates nothing where no journal can be kept', async () => {
    const { io, session, job } = await planned({ env: stateIn(unusable()), temporaryDirectory: unusable() });
    const before = writes();
    const opened = openPlatform(job, session, options, io, () => undefined);
    await expect(opened).rejects.toMatchObject({ code: 'STATE_DIRECTORY' });
    expect(writes()).toEqual(before);
  });

  it('says where the journal is kept instead, as an event and among its warnings', async () => {
    const { io, session, job } = await planned({ env: stateIn(unusable()) });
    const events: RunEvent[] = [];
    const { close, warnings } = await openPlatform(job, session, options, io, (event) => events.push(event));
    expect(warnings().map(({ code }) => code)).toEqual(['STATE_DIRECTORY']);
    expect(events).toEqual(warnings().map((warning) => ({ kind: 'warning', warning })));
    close();
  });

  it('first looks for what dead runs of this machine left: a damaged journal is left where it is', async () => {
    const { io, session, job } = await planned();
    const { close } = await openPlatform(job, session, options, io, () => undefined);
    close();
    writeFileSync(join(account().folder, 'journals', 'old.jsonl'), 'x\n');
    const again = await openPlatform(job, session, options, io, () => undefined);
    again.close();
    expect(readdirSync(join(account().folder, 'journals'))).toEqual(['old.jsonl']);
  });

  describe('and is written down', () => {
    const measured = (): Extract<RunEvent, { kind: 'measured' }> => {
      const [row] = awsRun().configurations;
      const [measurement] = row?.measurements ?? [];
      if (row === undefined || measurement === undefined) throw new Error('the fixture has calls');
      const configuration = { memoryMb: 512, architecture: 'x86_64' } as const;
      return { kind: 'measured', configuration, measurement, spentUsd: 0.1 };
    };
    const records = () => readdirSync(join(account().folder, 'runs'));

    it('is kept when it was cut short, with the command that goes on', async () => {
      const { io, job } = await planned();
      const record = recordRun(job, given, 7, undefined, io);
      record.listen(measured());
      expect(record.close()).toBe('tune --resume k3x9');
      expect(records()).toEqual(['k3x9.jsonl']);
    });

    it('is named with a new cap where the cap ended it', async () => {
      const { io, job } = await planned();
      const record = recordRun(job, given, 7, undefined, io);
      record.listen(measured());
      record.ended({ ...awsRun(), ended: 'spendCap' });
      expect(record.close()).toBe('tune --resume k3x9 --max-spend-usd <usd>');
    });

    it('is gone when the run is whole, or has nothing to go on from', async () => {
      const { io, job } = await planned();
      const whole = recordRun(job, given, 7, undefined, io);
      whole.listen(measured());
      whole.ended({ ...awsRun(), ended: 'completed' });
      expect([whole.close(), records()]).toEqual([undefined, []]);
      const empty = recordRun(job, given, 7, undefined, io);
      const lost: RunEvent = {
        ...measured(),
        measurement: {
          requestId: '',
          startedAt: '2026-11-23T10:00:00Z',
          environment: 'e',
          start: 'warm',
          outcome: 'unreported',
          reason: 'lost',
        },
      };
      empty.listen(lost);
      expect([empty.close(), records()]).toEqual([undefined, []]);
    });

    it('costs no run where it cannot be written', async () => {
      const { io, job } = await planned();
      writeFileSync(join(account().folder, 'runs'), 'a file, not a folder');
      const record = recordRun(job, given, 7, undefined, io);
      record.listen(measured());
      expect(record.warnings().map(({ code }) => code)).toEqual(['noRecord']);
      expect(record.close()).toBeUndefined();
    });
  });
});
