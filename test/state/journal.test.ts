import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import type { LogFiles } from '../../src/state/appendLog.ts';
import { type Journal, journalFolder, openJournal } from '../../src/state/journal.ts';
import { readJournalFiles } from '../../src/state/journalFiles.ts';
import {
  formatEntry,
  type JournalHeader,
  type Resource,
  readJournal,
  resourceKey,
} from '../../src/state/journalFormat.ts';

let folder: string;
beforeEach(() => {
  folder = journalFolder(fs.mkdtempSync(path.join(os.tmpdir(), 'tune-journal-test-')));
});
afterEach(() => {
  fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

const header: JournalHeader = {
  runId: 'k3x9',
  toolVersion: '0.1.0',
  process: { host: 'build-7', pid: 4711, startedAt: '141497' },
  accountId: '123456789012',
  region: 'eu-west-1',
  startedAt: '2026-11-23T10:00:00.000Z',
  expiresAt: '2026-11-23T11:00:00.000Z',
};
const group: Resource = { kind: 'logGroup', name: '/aws/lambda/tune-k3x9', region: 'eu-west-1' };
const arm: Resource = { kind: 'function', name: 'tune-k3x9-arm64-1-orders', region: 'eu-west-1' };
const x86: Resource = { kind: 'function', name: 'tune-k3x9-x86_64-1-orders', region: 'eu-west-1' };
const staged: Resource = {
  kind: 'stagedObject',
  bucket: 'my-staging',
  key: 'lambda-tune/k3x9/arm64.zip',
  region: 'eu-west-1',
};
const at = new Date('2026-11-23T10:00:01.000Z');

function open(change: Partial<JournalHeader> = {}, files?: LogFiles): Journal {
  return openJournal({
    folder,
    header: { ...header, ...change },
    now: () => at,
    ...(files === undefined ? {} : { files }),
  });
}

const read = (journal: Journal) => readJournal(fs.readFileSync(journal.file, 'utf8'));
const names = (resources: readonly { readonly resource: Resource }[]) =>
  resources.map((each) => resourceKey(each.resource));

describe('the journal of a run', () => {
  it('stands on the disk, for its owner alone, before anything is intended', () => {
    const journal = open();
    expect(journal.file).toBe(path.join(folder, 'k3x9.jsonl'));
    expect(fs.statSync(journal.file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(read(journal)).toEqual({
      header,
      runId: 'k3x9',
      expiresAt: '2026-11-23T11:00:00.000Z',
      lastEntryAt: '2026-11-23T10:00:01.000Z',
      resources: [],
      problems: [],
    });
  });

  it('names what was intended or made and not removed', () => {
    const journal = open();
    journal.intend(group);
    journal.made(group);
    journal.intend(arm);
    journal.made(arm);
    journal.intend(x86);
    journal.removed(arm);
    expect(read(journal).resources).toEqual([
      { resource: group, intendedAt: '2026-11-23T10:00:01.000Z', made: true },
      { resource: x86, intendedAt: '2026-11-23T10:00:01.000Z', made: false },
    ]);
  });

  it('learns the version of a staged object once it is uploaded', () => {
    const journal = open();
    journal.intend(staged);
    journal.made({ ...staged, versionId: 'v7' });
    expect(read(journal).resources).toEqual([
      { resource: { ...staged, versionId: 'v7' }, intendedAt: '2026-11-23T10:00:01.000Z', made: true },
    ]);
    journal.removed({ ...staged, versionId: 'v7' });
    expect(read(journal).resources).toEqual([]);
  });

  it('names a thing again that is made again after its removal', () => {
    const journal = open();
    journal.intend(arm);
    journal.removed(arm);
    journal.intend(arm);
    expect(names(read(journal).resources)).toEqual(['function eu-west-1 tune-k3x9-arm64-1-orders']);
  });

  it('knows the last renewal of the lease', () => {
    const journal = open();
    journal.renewed(new Date('2026-11-23T12:00:00Z'));
    journal.renewed(new Date('2026-11-23T13:00:00Z'));
    expect(read(journal).expiresAt).toBe('2026-11-23T13:00:00.000Z');
  });

  it('is gone after close when all that was intended is removed, and stays when something is not', () => {
    const clean = open();
    clean.intend(arm);
    clean.removed(arm);
    clean.close();
    clean.close();
    expect(fs.existsSync(clean.file)).toBe(false);

    const left = open();
    left.intend(arm);
    left.close();
    expect(names(read(left).resources)).toEqual(['function eu-west-1 tune-k3x9-arm64-1-orders']);
  });

  it('refuses a second run of the same id, naming the clean-up, and leaves the first one’s journal alone', () => {
    const first = open();
    first.intend(arm);
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        hint: 'Give another --run-id, or remove what it left: tune cleanup --run k3x9',
      }),
    );
    expect(names(read(first).resources)).toEqual(['function eu-west-1 tune-k3x9-arm64-1-orders']);
  });

  it('keeps no user, password or query of an endpoint', () => {
    const journal = open({ endpoint: 'http://me:secret@127.0.0.1:4566/path/?token=secret' });
    expect(read(journal).header?.endpoint).toBe('http://127.0.0.1:4566/path');
    expect(fs.readFileSync(journal.file, 'utf8')).not.toContain('secret');
  });

  it('is found among the journals, without what is no journal', () => {
    open().intend(arm);
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    fs.writeFileSync(path.join(folder, 'Not A Run.jsonl'), '');
    fs.mkdirSync(path.join(folder, 'folder.jsonl'));
    fs.symlinkSync('/dev/zero', path.join(folder, 'link.jsonl'));
    fs.copyFileSync(path.join(folder, 'k3x9.jsonl'), path.join(folder, 'copy.jsonl'));
    const { journals, unreadable } = readJournalFiles([path.join(folder, 'missing'), folder]);
    expect(journals.map(({ runId, contents }) => [runId, names(contents.resources)])).toEqual([
      ['k3x9', ['function eu-west-1 tune-k3x9-arm64-1-orders']],
    ]);
    expect(unreadable).toEqual([
      { file: path.join(folder, 'Not A Run.jsonl'), reason: 'not a journal' },
      { file: path.join(folder, 'copy.jsonl'), reason: "another run's journal" },
      { file: path.join(folder, 'folder.jsonl'), reason: 'not a journal' },
      { file: path.join(folder, 'link.jsonl'), reason: 'ELOOP' },
    ]);
  });
});

/** `node:fs` whose n-th operation fails; with `persistent` all later ones, too. A failing write leaves half its bytes. */
function failingFiles(n: number, code: string, persistent: boolean): LogFiles & { operations(): number } {
  let count = 0;
  const guarded =
    <A extends unknown[], R>(run: (...args: A) => R, before?: (...args: A) => void) =>
    (...args: A): R => {
      count += 1;
      if (count === n || (persistent && count > n)) {
        before?.(...args);
        throw Object.assign(new Error(`${code}: failed by the test`), { code });
      }
      return run(...args);
    };
  return {
    operations: () => count,
    mkdirSync: guarded((file: string, options: { recursive: true; mode: number }) => fs.mkdirSync(file, options)),
    openSync: guarded((file: string, flags: string, mode: number) => fs.openSync(file, flags, mode)),
    writeSync: guarded(
      (descriptor: number, bytes: Uint8Array) => fs.writeSync(descriptor, bytes),
      (descriptor, bytes) => fs.writeSync(descriptor, bytes.subarray(0, bytes.length / 2)),
    ),
    fsyncSync: guarded((descriptor: number) => fs.fsyncSync(descriptor)),
    closeSync: guarded((descriptor: number) => fs.closeSync(descriptor)),
    fdatasync: fs.fdatasync,
    unlinkSync: guarded((file: string) => fs.unlinkSync(file)),
  };
}

describe('the journal on a failing disk', () => {
  /** A run as the caller of the journal has to make one; answers what is in the account at its end. */
  function run(files: LogFiles): { readonly account: Set<string>; readonly failure: unknown } {
    const account = new Set<string>();
    let failure: unknown;
    const noting = (action: () => void) => {
      try {
        action();
        return true;
      } catch (error) {
        failure ??= error;
        return false;
      }
    };
    let journal: Journal | undefined;
    if (
      !noting(() => {
        journal = open({}, files);
      }) ||
      journal === undefined
    )
      return { account, failure };
    const opened = journal;
    const resources = [group, arm, x86];
    for (const resource of resources) {
      if (!noting(() => opened.intend(resource))) break;
      account.add(resourceKey(resource));
      if (!noting(() => opened.made(resource))) break;
    }
    // The last one cannot be removed.
    for (const resource of resources.filter((each) => account.has(resourceKey(each)) && each !== x86)) {
      account.delete(resourceKey(resource));
      noting(() => opened.removed(resource));
    }
    opened.close();
    return { account, failure };
  }

  it('never loses sight of what exists, whichever operation fails and how', () => {
    const untouched = failingFiles(0, 'none', false);
    run(untouched);
    const operations = untouched.operations();
    fs.rmSync(folder, { recursive: true });
    expect(operations).toBe(24);

    for (const code of ['ENOSPC', 'EIO', 'EROFS']) {
      for (const persistent of [false, true]) {
        for (let n = 1; n <= operations; n += 1) {
          const { account, failure } = run(failingFiles(n, code, persistent));
          const where = `${code} at ${n}, ${persistent ? 'persistent' : 'once'}`;
          const text = readJournalFiles([folder]).journals[0]?.contents;
          for (const key of account) expect(names(text?.resources ?? []), where).toContain(key);
          // Closing and unlinking lose nothing; any other failure is told.
          if (failure !== undefined) {
            expect(failure, where).toBeInstanceOf(TuneError);
            expect(failure, where).toMatchObject({ code: 'STATE_DIRECTORY', exitCode: 2 });
            expect(String(failure), where).toContain(`(${code})`);
          } else expect(n, where).toBeGreaterThan(operations - 2);
          fs.rmSync(folder, { recursive: true, force: true });
        }
      }
    }
  });

  it('leaves no file when it cannot be started', () => {
    for (let n = 2; n <= 6; n += 1) {
      expect(() => open({}, failingFiles(n, 'ENOSPC', false))).toThrow(TuneError);
      expect(fs.existsSync(path.join(folder, 'k3x9.jsonl')), `operation ${n}`).toBe(false);
    }
  });

  it('does not glue a line to the half of one that was cut by a full disk', () => {
    const journal = open({}, failingFiles(8, 'ENOSPC', false));
    expect(() => journal.intend(arm)).toThrow(TuneError);
    journal.intend(x86);
    expect(names(read(journal).resources)).toEqual(['function eu-west-1 tune-k3x9-x86_64-1-orders']);
    expect(read(journal).problems).toEqual([{ line: 2, problem: 'damaged' }]);
  });

  it('writes on when the system takes a line in pieces', () => {
    const journal = open(
      {},
      { ...failingFiles(0, '', false), writeSync: (fd, bytes) => fs.writeSync(fd, bytes.subarray(0, 7)) },
    );
    journal.intend(arm);
    expect(names(read(journal).resources)).toEqual(['function eu-west-1 tune-k3x9-arm64-1-orders']);
  });
});

/** The line with its checksum made right again, as a later version of the program would write it. */
function reseal(line: string): string {
  const content = line.slice(line.indexOf('"entry":') + '"entry":'.length, -1);
  return `{"sum":"${createHash('sha256').update(content).digest('hex').slice(0, 16)}","entry":${content}}`;
}

describe('readJournal', () => {
  const lines = [
    formatEntry('k3x9', { type: 'header', header }, at),
    formatEntry('k3x9', { type: 'intend', resource: group }, at),
    formatEntry('k3x9', { type: 'made', resource: group }, at),
    formatEntry('k3x9', { type: 'intend', resource: arm }, at),
    formatEntry('k3x9', { type: 'intend', resource: staged }, at),
    formatEntry('k3x9', { type: 'renewed', expiresAt: '2026-11-23T12:00:00.000Z' }, at),
    formatEntry('k3x9', { type: 'removed', resource: arm }, at),
  ];
  const whole = lines.map((line) => `${line}\n`).join('');

  it('reads a line as it is written', () => {
    expect(lines[3]).toBe(
      '{"sum":"e865f3ffc3db5734","entry":{"v":1,"run":"k3x9","at":"2026-11-23T10:00:01.000Z","type":"intend","resource":{"kind":"function","name":"tune-k3x9-arm64-1-orders","region":"eu-west-1"}}}',
    );
  });

  it('uses every whole line of a journal cut at any byte, and calls the rest torn', () => {
    for (let length = 0; length <= whole.length; length += 1) {
      const cut = whole.slice(0, length);
      const complete = cut.split('\n').length - 1;
      const rest = cut.slice(cut.lastIndexOf('\n') + 1);
      const { resources, problems } = readJournal(cut);
      const wholeButForItsLineEnd = lines[complete] === rest;
      const used = complete + (wholeButForItsLineEnd ? 1 : 0);
      expect(names(resources)).toEqual(names(readJournal(lines.slice(0, used).join('\n')).resources));
      expect(problems).toEqual(rest === '' || wholeButForItsLineEnd ? [] : [{ line: complete + 1, problem: 'torn' }]);
    }
  });

  it('skips and reports a damaged line, one of another version and one of another run', () => {
    const later = formatEntry('k3x9', { type: 'intend', resource: x86 }, at);
    const otherVersion = reseal(later.replace('"v":1', '"v":2'));
    const otherRun = formatEntry('zz', { type: 'intend', resource: x86 }, at);
    const damaged = later.replace('orders', 'orderz');
    const { resources, problems } = readJournal(
      [lines[0], damaged, otherVersion, otherRun, '\0\0\0', lines[3], ''].join('\n'),
    );
    expect(names(resources)).toEqual(['function eu-west-1 tune-k3x9-arm64-1-orders']);
    expect(problems).toEqual([
      { line: 2, problem: 'damaged' },
      { line: 3, problem: 'otherVersion' },
      { line: 4, problem: 'otherRun' },
      { line: 5, problem: 'damaged' },
    ]);
  });

  it('takes what still may exist for existing when the line of its removal is lost', () => {
    expect(names(readJournal(lines.slice(0, 6).join('\n')).resources)).toContain(
      'function eu-west-1 tune-k3x9-arm64-1-orders',
    );
  });

  it('still names resources when the header cannot be read', () => {
    const { header: none, runId, resources } = readJournal(lines.slice(1).join('\n'));
    expect(none).toBeUndefined();
    expect(runId).toBe('k3x9');
    expect(names(resources)).toEqual([
      'logGroup eu-west-1 /aws/lambda/tune-k3x9',
      'stagedObject eu-west-1 my-staging lambda-tune/k3x9/arm64.zip',
    ]);
  });

  it('never throws on damage, and never names a resource that no sound line names', () => {
    const known = new Set([group, arm, staged].map(resourceKey));
    const position = fc.nat({ max: whole.length - 1 });
    const damage = fc.oneof(
      fc.record({
        kind: fc.constant('replace' as const),
        at: position,
        with: fc.string({ unit: 'binary', maxLength: 40 }),
      }),
      fc.record({ kind: fc.constant('cut' as const), at: position, length: fc.nat({ max: 400 }) }),
      fc.record({ kind: fc.constant('repeat' as const), at: position, length: fc.nat({ max: 400 }) }),
      fc.record({ kind: fc.constant('truncate' as const), at: position }),
      // A changed name, region or kind in a line is what an invented resource would look like.
      fc.record({
        kind: fc.constant('rename' as const),
        at: fc.nat({ max: 6 }),
        with: fc.stringMatching(/^[a-z0-9]{1,8}$/),
      }),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        let text = whole;
        for (const each of damages) {
          if (each.kind === 'replace')
            text = text.slice(0, each.at) + each.with + text.slice(each.at + each.with.length);
          if (each.kind === 'cut') text = text.slice(0, each.at) + text.slice(each.at + each.length);
          if (each.kind === 'repeat')
            text = text.slice(0, each.at) + text.slice(each.at, each.at + each.length) + text.slice(each.at);
          if (each.kind === 'truncate') text = text.slice(0, each.at);
          if (each.kind === 'rename') {
            const all = text.split('\n');
            all[each.at] = (all[each.at] ?? '').replace('k3x9-arm64', each.with).replace('eu-west-1', each.with);
            text = all.join('\n');
          }
        }
        const contents = readJournal(text);
        for (const key of names(contents.resources)) expect(known).toContain(key);
        if (contents.header !== undefined) expect(contents.header).toEqual(header);
      }),
      { seed: 13, numRuns: 10_000 },
    );
  });

  it('never throws on any text at all', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((content) => reseal(`{"sum":"0000000000000000","entry":${content}}`)),
      fc.constantFrom('null', '{"sum":"x","entry":{}}', '{"sum":"44136fa355b3678a","entry":{}}'),
    );
    fc.assert(
      fc.property(fc.array(line), (text) => {
        expect(readJournal(text.join('\n')).resources).toEqual([]);
      }),
      { seed: 13, numRuns: 2_000 },
    );
  });
});
