import { expect, it } from 'vitest';
import { type MountPlan, mountTables } from '../../../src/local/enclosure/mountTable.ts';

const plan: MountPlan = {
  environmentFolder: '/tmp/e1',
  codeFolder: '/home/me/fn',
  runtimeFolder: '/usr/lib/tune',
  optFolder: undefined,
  view: 'var',
  hasImage: true,
  hasHosts: false,
  hasSharedMemory: true,
  hasKept: false,
};

it('mounts everything by one table', () => {
  expect(mountTables(plan)).toEqual({
    outer: `/tmp/e1 /tmp/e1 none bind 0 0
/tmp/e1/tmp.img /tmp/e1/tmp ext4 loop,noatime,nodiratime 0 0
tune /tmp/e1/merged overlay lowerdir=var:/var 0 0
/home/me/fn /tmp/e1/merged/task none bind 0 0
/usr/lib/tune /tmp/e1/merged/runtime none bind 0 0
tune /dev/shm ramfs mode=755 0 0
/tmp/e1/merged /var none rbind 0 0
/tmp/e1/tmp /tmp none rbind 0 0
`,
  });
});

it('shows layers and a name of its own where there are any', () => {
  const { outer } = mountTables({ ...plan, optFolder: '/layers/1', hasHosts: true });
  expect(outer).toContain('/layers/1 /opt none rbind 0 0\n/tmp/e1/hosts /etc/hosts none bind 0 0\n');
});

it('keeps the places of code and runtime where /var cannot be another', () => {
  expect(mountTables({ ...plan, view: 'place', hasImage: false, hasSharedMemory: false }).outer).toBe(
    '/tmp/e1 /tmp/e1 none bind 0 0\n/tmp/e1/tmp /tmp none rbind 0 0\n',
  );
});

it('lets the script show folders of the host between two tables', () => {
  const { inner, outer } = mountTables({ ...plan, hasKept: true });
  expect(inner).toMatch(/^\/tmp\/e1 .*merged\/runtime none bind 0 0\n$/s);
  expect(outer).toBe(
    'tune /dev/shm ramfs mode=755 0 0\n/tmp/e1/merged /var none rbind 0 0\n/tmp/e1/tmp /tmp none rbind 0 0\n',
  );
});

it('below /var, takes what is added to /var from another file system, and covers /var last', () => {
  const { lower, outer } = mountTables({ ...plan, environmentFolder: '/var/tmp/e1', hasImage: false });
  expect(lower).toBe('/var/tmp/e1 /var/tmp/e1 none bind 0 0\ntune /var/tmp/e1/var tmpfs size=1m,mode=755 0 0\n');
  expect(outer).toMatch(
    /^tune .*\/var\/tmp\/e1\/tmp \/tmp none rbind 0 0\n\/var\/tmp\/e1\/merged \/var none rbind 0 0\n$/s,
  );
});

it('writes blanks, tabs, number signs and backslashes of paths as fstab does', () => {
  expect(mountTables({ ...plan, codeFolder: '/my fn\t#1\\x' }).outer).toContain(
    '/my\\040fn\\011\\0431\\134x /tmp/e1/merged/task none bind 0 0\n',
  );
});
