import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { watchAncestors } from '../../src/host/ancestors.ts';
import type { ProcessEntry } from '../../src/host/processTable.ts';

/** tune (40) ← sh (30) ← npm exec (20) ← bash (10) ← runner (5, a session of its own) ← init. */
function underNpx(): Map<number, ProcessEntry> {
  const row = (pid: number, parentPid: number, sessionId = 10): ProcessEntry => ({
    pid,
    parentPid,
    groupId: 10,
    sessionId,
    startedAt: `tick ${pid}`,
    ended: false,
  });
  return new Map([
    [1, row(1, 0, 1)],
    [5, row(5, 1, 5)],
    [10, row(10, 5)],
    [20, row(20, 10)],
    [30, row(30, 20)],
    [40, row(40, 30)],
  ]);
}

function watching(
  table: Map<number, ProcessEntry>,
  unreadable: ReadonlySet<number> = new Set(),
  parentPid?: () => number,
) {
  const lost: string[] = [];
  let tick: (() => void) | undefined;
  watchAncestors({
    readProcess: (pid) => (unreadable.has(pid) ? 'unreadable' : (table.get(pid) ?? 'gone')),
    pid: 40,
    intervalMs: 1000,
    onLost: (cause) => lost.push(cause),
    setTimer(run) {
      tick = run;
      return () => {
        tick = undefined;
      };
    },
    ...(parentPid === undefined ? {} : { parentPid }),
  });
  return { lost, tick: () => tick?.(), isWatching: () => tick !== undefined };
}

function change(table: Map<number, ProcessEntry>, pid: number, to: Partial<ProcessEntry>) {
  const row = table.get(pid);
  if (row === undefined) throw new Error(`no process ${pid}`);
  table.set(pid, { ...row, ...to });
}

describe('watchAncestors', () => {
  it('says nothing while all stay', () => {
    const watch = watching(underNpx());
    watch.tick();
    watch.tick();
    expect(watch.lost).toEqual([]);
  });

  it.each([
    [30, 'its parent'],
    [20, 'npx'],
    [10, 'the shell that called npx'],
  ])('tells once when process %i (%s) is gone, then stops looking', (pid) => {
    const table = underNpx();
    const watch = watching(table);
    table.delete(pid);
    watch.tick();
    watch.tick();
    expect(watch.lost).toEqual(['the process that started tune is gone']);
    expect(watch.isWatching()).toBe(false);
  });

  it('takes a zombie for gone, and a later process of the same number too', () => {
    const zombie = underNpx();
    const watchZombie = watching(zombie);
    change(zombie, 20, { ended: true });
    watchZombie.tick();
    expect(watchZombie.lost).toHaveLength(1);

    const reused = underNpx();
    const watchReused = watching(reused);
    change(reused, 20, { startedAt: 'tick 999' });
    watchReused.tick();
    expect(watchReused.lost).toHaveLength(1);
  });

  it('does not mind what happens above its own session', () => {
    const table = underNpx();
    const watch = watching(table);
    table.delete(5);
    watch.tick();
    expect(watch.lost).toEqual([]);
  });

  it('takes a process that cannot be read for no news', () => {
    const unreadable = new Set<number>();
    const watch = watching(underNpx(), unreadable);
    unreadable.add(20).add(40);
    watch.tick();
    expect(watch.lost).toEqual([]);
  });

  it.each<[string, (table: Map<number, ProcessEntry>) => void]>([
    ['a child of init from the start', (table) => change(table, 40, { parentPid: 1 })],
    ['a container’s first process', (table) => change(table, 40, { parentPid: 0 })],
    ['a session of its own (setsid)', (table) => change(table, 40, { sessionId: 40 })],
    ['a background job of an interactive shell', (table) => change(table, 40, { foregroundGroupId: 77 })],
  ])('does not watch for %s', (_, arrange) => {
    const table = underNpx();
    arrange(table);
    expect(watching(table).isWatching()).toBe(false);
  });

  it('watches a foreground job of a terminal', () => {
    const table = underNpx();
    change(table, 40, { foregroundGroupId: 10 });
    const watch = watching(table);
    table.delete(30);
    watch.tick();
    expect(watch.lost).toHaveLength(1);
  });

  it('looks at the parent’s number alone where there is no process table', () => {
    let parent = 30;
    const watch = watching(new Map(), new Set(), () => parent);
    watch.tick();
    expect(watch.lost).toEqual([]);
    parent = 1;
    watch.tick();
    expect(watch.lost).toHaveLength(1);
    expect(watching(new Map(), new Set(), () => 1).isWatching()).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('watchAncestors under real processes', () => {
  const started: number[] = [];
  afterEach(() => {
    for (const pid of started.splice(0)) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It ended by itself, as it should.
      }
    }
  });

  const child = `
    import { watchAncestors, unreferencedTimer } from ${JSON.stringify(new URL('../../src/host/ancestors.ts', import.meta.url).href)};
    import { readProcess } from ${JSON.stringify(new URL('../../src/host/processTable.ts', import.meta.url).href)};
    const alive = setInterval(() => {}, 1000);
    watchAncestors({ readProcess, pid: process.pid, intervalMs: 20, setTimer: unreferencedTimer, onLost(cause) {
      clearInterval(alive);
      console.log('lost: ' + cause);
    } });
    console.log('watching');
  `;

  /** Starts `script` in bash, waits for the child to watch, kills bash alone, and answers what the child then says. */
  async function killTheShellOf(script: string): Promise<string> {
    const bash = spawn('bash', ['-e', '-c', script], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CHILD: child, NODE: process.execPath },
    });
    if (bash.pid === undefined) throw new Error('bash did not start');
    started.push(bash.pid);
    const lines = createInterface({ input: bash.stdout });
    const said: string[] = [];
    lines.on('line', (line) => {
      said.push(line);
      if (line === 'watching') bash.kill('SIGKILL');
    });
    await once(lines, 'close');
    return said.join('\n');
  }

  it('notices that the bash which started it was killed', async () => {
    expect(await killTheShellOf('"$NODE" --import tsx --input-type=module -e "$CHILD"; true')).toBe(
      'watching\nlost: the process that started tune is gone',
    );
  });

  it('notices it through a launcher that stays, as npx does, and the shell that npx starts', async () => {
    const launcher = `require('node:child_process').spawnSync('sh', ['-c', '"$NODE" --import tsx --input-type=module -e "$CHILD"; true'], { stdio: 'inherit' })`;
    expect(await killTheShellOf(`"$NODE" -e ${JSON.stringify(launcher).replaceAll('$', '\\$')}; true`)).toBe(
      'watching\nlost: the process that started tune is gone',
    );
  });
});
