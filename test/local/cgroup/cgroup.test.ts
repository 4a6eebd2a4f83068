import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCgroupHostAt } from '../../../src/local/cgroup/cgroup.ts';

// Ordinary folders stand in for the kernel's: what is checked is which files are written and how they are read.
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-test-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const put = (content: string, ...path: string[]) => writeFileSync(join(root, ...path), content);

describe('version 2', () => {
  it('hands the controllers down and limits memory without swap', () => {
    put('cpu io memory\n', 'cgroup.subtree_control');
    const group = openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner').create('e1');
    group.limitMemory(128);
    expect(text('owner', 'cgroup.subtree_control')).toBe('+cpu +memory');
    expect(text('owner', 'e1', 'memory.max')).toBe('134217728');
    expect(group.folders).toEqual([join(root, 'owner', 'e1')]);
    expect(group.entries).toEqual([join(root, 'owner', 'e1', 'cgroup.procs')]);
  });

  it('freezes in a tree of its own, where there is one', () => {
    for (const tree of ['cpu', 'memory', 'freezer']) mkdirSync(join(root, tree));
    const at = { version: 1, cpu: join(root, 'cpu'), memory: join(root, 'memory') } as const;
    expect(openCgroupHostAt(at, 'other').create('e1').freeze).toBeUndefined();
    const group = openCgroupHostAt({ ...at, freezer: join(root, 'freezer') }, 'owner').create('e1');
    put('THAWED', 'freezer', 'owner', 'e1', 'freezer.state');
    group.freeze?.(true);
    expect(text('freezer', 'owner', 'e1', 'freezer.state')).toBe('FROZEN');
    group.freeze?.(false);
    // The file is written over, not replaced.
    expect(text('freezer', 'owner', 'e1', 'freezer.state')).toBe('THAWED');
    expect(group.entries).toContain(join(root, 'freezer', 'owner', 'e1', 'tasks'));
  });

  it('bounds the number of processes where it can', () => {
    put('cpu memory pids\n', 'cgroup.subtree_control');
    openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner').create('e1');
    expect(text('owner', 'e1', 'pids.max')).toBe('1024');
  });

  it('switches the controllers on where it may, and gives up where it may not', () => {
    put('', 'cgroup.subtree_control');
    expect(() => openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner')).toThrow('hand down');
    openCgroupHostAt({ version: 2, folder: root, mayEnable: true }, 'owner');
    expect(text('cgroup.subtree_control')).toBe('+cpu +memory');
  });

  it('puts functions before other programs', () => {
    put('cpu memory\n', 'cgroup.subtree_control');
    openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner');
    expect(text('owner', 'cpu.weight')).toBe('10000');
  });

  it('sets and lifts the quota in one file', () => {
    put('cpu memory\n', 'cgroup.subtree_control');
    const group = openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner').create('e1');
    group.limitCpu({ quotaUs: 5789, periodUs: 20000 });
    expect(text('owner', 'e1', 'cpu.max')).toBe('5789 20000');
    group.limitCpu(undefined);
    expect(text('owner', 'e1', 'cpu.max')).toBe('max 100000');
  });

  it('freezes what is in it, and lets it go on', () => {
    put('cpu memory\n', 'cgroup.subtree_control');
    const group = openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner').create('e1');
    put('0', 'owner', 'e1', 'cgroup.freeze');
    group.freeze?.(true);
    expect(text('owner', 'e1', 'cgroup.freeze')).toBe('1');
    group.freeze?.(false);
    expect(text('owner', 'e1', 'cgroup.freeze')).toBe('0');
  });

  it('reads kills, memory and members', () => {
    put('cpu memory\n', 'cgroup.subtree_control');
    const group = openCgroupHostAt({ version: 2, folder: root, mayEnable: false }, 'owner').create('e1');
    put('low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\n', 'owner', 'e1', 'memory.events');
    put('anon 1048576\nfile 5242880\nshmem 2097152\n', 'owner', 'e1', 'memory.stat');
    put('11\n12\n', 'owner', 'e1', 'cgroup.threads');
    put('11\n', 'owner', 'e1', 'cgroup.procs');
    expect(group.oomKills()).toBe(1);
    expect(group.memoryBytes()).toBe(3145728);
    expect(group.threadIds()).toEqual(['11', '12']);
    expect(group.processIds()).toEqual(['11']);
  });
});

describe('version 1', () => {
  it('keeps CPU and memory in their own trees', () => {
    mkdirSync(join(root, 'cpu'));
    mkdirSync(join(root, 'memory'));
    const at = { version: 1, cpu: join(root, 'cpu'), memory: join(root, 'memory') } as const;
    const group = openCgroupHostAt(at, 'owner').create('e1');
    expect(text('cpu', 'owner', 'cpu.shares')).toBe('102400');
    group.limitCpu({ quotaUs: 1447, periodUs: 20000 });
    expect(text('cpu', 'owner', 'e1', 'cpu.cfs_period_us')).toBe('20000');
    expect(text('cpu', 'owner', 'e1', 'cpu.cfs_quota_us')).toBe('1447');
    group.limitMemory(128);
    expect(text('memory', 'owner', 'e1', 'memory.limit_in_bytes')).toBe('134217728');
    group.limitCpu(undefined);
    expect(text('cpu', 'owner', 'e1', 'cpu.cfs_quota_us')).toBe('-1');
    put('oom_kill_disable 0\nunder_oom 0\noom_kill 2\n', 'memory', 'owner', 'e1', 'memory.oom_control');
    put('cache 9999\nrss 1048576\nshmem 0\n', 'memory', 'owner', 'e1', 'memory.stat');
    expect(group.oomKills()).toBe(2);
    expect(group.memoryBytes()).toBe(1048576);
  });

  it('bounds the number of processes in a tree of its own, where there is one', () => {
    for (const tree of ['cpu', 'memory', 'pids']) mkdirSync(join(root, tree));
    const at = { version: 1, cpu: join(root, 'cpu'), memory: join(root, 'memory'), pids: join(root, 'pids') } as const;
    const host = openCgroupHostAt(at, 'owner');
    const group = host.create('e1');
    expect(text('pids', 'owner', 'e1', 'pids.max')).toBe('1024');
    expect(host.ownerFolders).toEqual(['cpu', 'memory', 'pids'].map((tree) => join(root, tree, 'owner')));
    expect(group.entries).toContain(join(root, 'pids', 'owner', 'e1', 'tasks'));
  });
});
