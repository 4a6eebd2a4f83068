import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFleetEmit } from '../../../src/commands/fleet/emit.ts';
import { runFleetMerge } from '../../../src/commands/fleet/merge.ts';
import { portfolioSchema } from '../../../src/model/fleet/portfolio.ts';
import type { FleetShard, ShardRow } from '../../../src/model/fleet/shard.ts';
import { fakeIo } from '../../support/fakeIo.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:111111111111:function:${name}`;
const failed = (name: string): ShardRow => ({
  functionArn: arnOf(name),
  state: 'failed',
  because: 'it has no role',
  spentUsd: 0,
  error: { code: 'TARGET', message: 'it has no role' },
});

function part(index: number, of: number, rows: readonly ShardRow[], more: Partial<FleetShard> = {}): FleetShard {
  return {
    schemaVersion: 1,
    kind: 'fleetShard',
    tool: { name: 'lambda-tune', version: '0.1.0' },
    shard: { index, of },
    functions: ['orders', 'mail'].map((functionName) => ({
      functionName,
      functionArn: arnOf(functionName),
      region: 'us-east-1',
      accountId: '111111111111',
      setting: { memoryMb: 1024, architecture: 'x86_64' },
      monthlyUsd: 100,
      invocationsPerMonth: 1e6,
    })),
    rows,
    spentBeforeUsd: 0,
    spentUsd: 0,
    leftBehind: [],
    started: 1,
    ...more,
  };
}

describe('fleet merge', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'merge-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, shard: FleetShard) => {
    await mkdir(join(folder, name, 'shards'), { recursive: true });
    await writeFile(join(folder, name, 'shards', `${shard.shard.index}.json`), JSON.stringify(shard));
  };
  const merge = async (...folders: readonly string[]) => {
    const { io, stdout } = fakeIo({ cwd: folder });
    const code = await runFleetMerge(folders, { json: true }, io);
    return { code, portfolio: portfolioSchema.parse(JSON.parse(stdout())) };
  };

  it('names the parts that are missing, and ends with 3', async () => {
    await write('runs', part(1, 2, [failed('orders')]));
    const { code, portfolio } = await merge('runs');
    expect([code, portfolio.shards.missing]).toEqual([3, [2]]);
    expect(portfolio.functions.map(({ functionName, state }) => [functionName, state])).toContainEqual([
      'orders',
      'failed',
    ]);
  });

  it('puts parts of several folders together; where nothing was measured it ends with 3 as well', async () => {
    await write('one', part(1, 2, [failed('orders')]));
    await write('other', part(2, 2, [failed('mail')]));
    const { code, portfolio } = await merge('one', 'other');
    expect([code, portfolio.shards.missing, portfolio.total.functions]).toEqual([3, [], 2]);
  });

  it('ends with 5 where a part left something behind, whatever else happened', async () => {
    const left = { kind: 'function', name: 'tune-x', region: 'us-east-1', reason: 'denied', command: 'aws …' } as const;
    await write('runs', part(1, 1, [failed('orders')], { leftBehind: [left] }));
    expect((await merge('runs')).code).toBe(5);
  });

  it.each([
    [[], 'USAGE', 'Which folders?'],
    [['none'], 'SAVED_RUN', 'none is no folder of tune fleet run (ENOENT).'],
  ])('refuses %j', async (folders, code, message) => {
    await expect(runFleetMerge(folders, {}, fakeIo({ cwd: folder }).io)).rejects.toMatchObject({ code, message });
  });
});

describe('fleet emit', () => {
  const emit = (engine: string, flags: Readonly<Record<string, unknown>> = {}) => {
    const { io, stdout } = fakeIo();
    return { code: runFleetEmit(engine, flags, io), text: stdout() };
  };

  it('prints a file with so many parts as are asked for', () => {
    const { code, text } = emit('github', { shards: '3' });
    expect(code).toBe(0);
    expect(text).toContain('Math.min(3, total.functions)');
  });

  it('refuses an engine that it does not know, naming the nearest', () => {
    expect(() => emit('gitub')).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('"github"') }),
    );
  });

  it('wants ARNs of roles, since the engine has no account to look them up in', () => {
    expect(() => emit('github', { assumeRole: 'reader' })).toThrow('every role is named by its ARN');
  });
});
