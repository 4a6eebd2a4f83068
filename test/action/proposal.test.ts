import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForgeDouble, openForge } from './forgeDouble.ts';

interface Proposed {
  readonly done: string;
  readonly url?: string;
}

/** Plain files without types: what is checked in is what runs. */
const { connectForge } = (await import(new URL('../../action/forge.mjs', import.meta.url).href)) as {
  connectForge(options: object): object;
};
const { propose, withdraw } = (await import(new URL('../../action/proposal.mjs', import.meta.url).href)) as {
  propose(forge: object, proposal: object): Promise<Proposed>;
  withdraw(forge: object, functionName: string, reason: string): Promise<Proposed | undefined>;
};

const main = 'a'.repeat(40);
const proposal = {
  functionName: 'orders',
  parent: main,
  into: 'main',
  file: 'template.yaml',
  mode: '100644',
  content: Buffer.from('MemorySize: 1769\n'),
  title: 'orders: 1769 MB on arm64',
  body: 'why',
};

describe('a proposal', () => {
  let double: ForgeDouble;
  let waits: number[];
  let forge: object;
  beforeEach(async () => {
    double = await openForge(main);
    waits = [];
    forge = connectForge({
      apiUrl: double.url,
      repository: 'shop/orders',
      token: 't',
      wait: async (ms: number) => void waits.push(ms),
    });
  });
  afterEach(() => double.close());

  const branchFile = () => {
    const commit = double.commits.get(double.refs.get('lambda-tune/orders') ?? '');
    return commit && { parents: commit.parents, ...double.files.get(commit.tree.sha) };
  };

  it('is one commit of one file on a branch of its own, and a pull request', async () => {
    expect(await propose(forge, proposal)).toEqual({ done: 'opened', url: 'https://example.com/pull/1' });
    expect(branchFile()).toEqual({ parents: [{ sha: main }], path: 'template.yaml', text: 'MemorySize: 1769\n' });
    expect(double.pulls).toMatchObject([
      { title: 'orders: 1769 MB on arm64', body: 'why', base: { ref: 'main' }, head: { ref: 'lambda-tune/orders' } },
    ]);
  });

  it('is the same after three runs', async () => {
    await propose(forge, proposal);
    const refs = new Map(double.refs);
    for (const _ of [2, 3]) {
      double.writes.length = 0;
      expect(await propose(forge, proposal)).toEqual({ done: 'unchanged', url: 'https://example.com/pull/1' });
      // Content by its hash: nothing that anybody sees.
      expect(double.writes).toEqual(['POST /git/blobs', 'POST /git/trees']);
    }
    expect([double.pulls.length, double.refs]).toEqual([1, refs]);
  });

  it('follows another answer, in the same pull request', async () => {
    await propose(forge, proposal);
    const changed = {
      ...proposal,
      content: Buffer.from('MemorySize: 1024\n'),
      title: 'orders: 1024 MB on arm64',
      body: 'new',
    };
    expect(await propose(forge, changed)).toEqual({ done: 'updated', url: 'https://example.com/pull/1' });
    expect(branchFile()?.text).toBe('MemorySize: 1024\n');
    expect(double.pulls).toMatchObject([{ title: 'orders: 1024 MB on arm64', body: 'new', state: 'open' }]);
  });

  it('that no longer holds is closed with the reason, and opened again when it does', async () => {
    await propose(forge, proposal);
    expect(await withdraw(forge, 'orders', 'It stays.')).toEqual({ done: 'closed', url: 'https://example.com/pull/1' });
    expect(double.pulls[0]?.state).toBe('closed');
    expect(double.comments).toEqual([{ number: 1, body: 'It stays.' }]);
    expect(double.refs.has('lambda-tune/orders')).toBe(false);
    expect(await withdraw(forge, 'orders', 'It stays.')).toBeUndefined();
    expect(double.comments.length).toBe(1);
    expect(await propose(forge, proposal)).toEqual({ done: 'opened', url: 'https://example.com/pull/2' });
  });

  it('that people closed is not opened again until the answer is another one', async () => {
    await propose(forge, proposal);
    Object.assign(double.pulls[0] ?? {}, { state: 'closed' });
    expect(await propose(forge, proposal)).toEqual({ done: 'declined', url: 'https://example.com/pull/1' });
    expect(await propose(forge, { ...proposal, title: 'orders: 512 MB on arm64' })).toMatchObject({ done: 'opened' });
  });

  it('leaves a branch alone that somebody else committed to', async () => {
    await propose(forge, proposal);
    const theirs = 'b'.repeat(40);
    double.commits.set(theirs, { message: 'fix the build', tree: { sha: 'c' }, parents: [] });
    double.refs.set('lambda-tune/orders', theirs);
    double.writes.length = 0;
    expect(await propose(forge, { ...proposal, content: Buffer.from('x') })).toEqual({ done: 'leftAlone' });
    expect([double.refs.get('lambda-tune/orders'), double.writes]).toEqual([theirs, []]);
    await withdraw(forge, 'orders', 'It stays.');
    expect(double.refs.get('lambda-tune/orders')).toBe(theirs);
  });

  it('finds what another job has opened at the same moment', async () => {
    double.faults.push({ of: 'POST /pulls', status: 422, message: 'Validation Failed', times: 1, isDone: true });
    expect(await propose(forge, proposal)).toEqual({ done: 'opened', url: 'https://example.com/pull/1' });
    expect(double.pulls.length).toBe(1);
  });

  it('moves a branch that another job has made at the same moment', async () => {
    double.faults.push({ of: 'POST /git/refs', status: 409, message: 'Conflict', times: 1, isDone: true });
    expect(await propose(forge, proposal)).toMatchObject({ done: 'opened' });
    expect(branchFile()?.text).toBe('MemorySize: 1769\n');
  });

  it('waits as long as a limit says, and goes on', async () => {
    double.faults.push(
      {
        of: 'POST /git/blobs',
        status: 403,
        message: 'You have exceeded a secondary rate limit',
        headers: { 'retry-after': '7' },
        times: 1,
      },
      { of: 'POST /pulls', status: 503, message: 'Unavailable', times: 1 },
    );
    expect(await propose(forge, proposal)).toMatchObject({ done: 'opened' });
    expect(waits).toEqual([7000, 2000]);
  });

  it('gives up on a limit that does not end', async () => {
    double.faults.push({ of: 'GET /git/ref', status: 429, message: 'Too many', times: 99 });
    await expect(propose(forge, proposal)).rejects.toThrow(
      'GitHub refused GET /git/ref/heads/lambda-tune/orders (429): Too many',
    );
    expect(waits.length).toBe(3);
  });

  it('names the setting that forbids it', async () => {
    double.faults.push({
      of: 'POST /pulls',
      status: 403,
      message: 'GitHub Actions is not permitted to create or approve pull requests.',
      times: 1,
    });
    await expect(propose(forge, proposal)).rejects.toThrow(
      '"Allow GitHub Actions to create and approve pull requests"',
    );
    // The next run, with the setting changed, goes on from there.
    expect(await propose(forge, proposal)).toMatchObject({ done: 'opened' });
  });

  it('names the permissions that the job lacks', async () => {
    double.faults.push({
      of: 'POST /git/blobs',
      status: 403,
      message: 'Resource not accessible by integration',
      times: 1,
    });
    await expect(propose(forge, proposal)).rejects.toThrow('permissions: { contents: write, pull-requests: write }');
  });
});
