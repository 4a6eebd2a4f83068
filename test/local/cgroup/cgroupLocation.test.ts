import { expect, it } from 'vitest';
import { locateCgroups } from '../../../src/local/cgroup/cgroupLocation.ts';

const v1Mounts = [
  '30 24 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct',
  '31 24 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory',
  '32 24 0:28 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,name=systemd',
].join('\n');

it('with v1 finds its own group of each controller', () => {
  const own = '4:memory:/session/7\n1:cpu,cpuacct:/\n0::/';
  expect(locateCgroups(own, v1Mounts)).toEqual([
    { version: 1, cpu: '/sys/fs/cgroup/cpu,cpuacct', memory: '/sys/fs/cgroup/memory/session/7' },
  ]);
});

it('with v1 finds the trees that not every system has', () => {
  const mounts = ['cpu', 'memory', 'pids', 'freezer'].map(
    (name) => `30 24 0:26 / /cg/${name} rw - cgroup cgroup rw,${name}`,
  );
  const own = '4:memory:/\n3:pids:/\n2:freezer:/a\n1:cpu:/';
  expect(locateCgroups(own, mounts.join('\n'))).toEqual([
    { version: 1, cpu: '/cg/cpu', memory: '/cg/memory', pids: '/cg/pids', freezer: '/cg/freezer/a' },
  ]);
});

it('with v2 tries its own group and then every ancestor, of which only the ends may be changed', () => {
  const mount = '29 23 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
  expect(locateCgroups('0::/user.slice/user-1000.slice/session-1.scope\n', mount)).toEqual([
    { version: 2, folder: '/sys/fs/cgroup/user.slice/user-1000.slice/session-1.scope', mayEnable: true },
    { version: 2, folder: '/sys/fs/cgroup/user.slice/user-1000.slice', mayEnable: false },
    { version: 2, folder: '/sys/fs/cgroup/user.slice', mayEnable: false },
    { version: 2, folder: '/sys/fs/cgroup', mayEnable: true },
  ]);
});

it('in a container cuts the mounted part of the tree off the path', () => {
  const mounts = [
    '30 24 0:26 /docker/abc /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
    '31 24 0:27 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
  ].join('\n');
  expect(locateCgroups('4:memory:/docker/abc\n1:cpu:/docker/abc', mounts)).toEqual([
    { version: 1, cpu: '/sys/fs/cgroup/cpu', memory: '/sys/fs/cgroup/memory' },
  ]);
});

it('reads spaces in mount points', () => {
  const mount = '29 23 0:25 / /mnt/my\\040groups rw - cgroup2 cgroup2 rw';
  expect(locateCgroups('0::/', mount)).toEqual([{ version: 2, folder: '/mnt/my groups', mayEnable: true }]);
});

it('finds nothing where nothing is mounted, or where a controller is missing', () => {
  expect(locateCgroups('', '')).toEqual([]);
  expect(locateCgroups('1:cpu:/', '30 24 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu')).toEqual([]);
});
