import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub's API as far as a proposal needs it: refs, commits, trees, pull requests; and what can go wrong there, on request. */

interface Pull {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly head: { readonly ref: string };
  base: { ref: string };
  readonly html_url: string;
  readonly merged_at: string | null;
}

interface Commit {
  readonly message: string;
  readonly tree: { readonly sha: string };
  readonly parents: readonly { readonly sha: string }[];
}

interface Fault {
  /** `POST /pulls`: method and beginning of the path. */
  readonly of: string;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  times: number;
  /** The service did it all the same. */
  readonly isDone?: true;
}

export interface ForgeDouble {
  readonly url: string;
  readonly refs: Map<string, string>;
  readonly commits: Map<string, Commit>;
  readonly pulls: Pull[];
  readonly comments: { readonly number: number; readonly body: string }[];
  /** Path and content of what a tree was made with. */
  readonly files: Map<string, { readonly path: string; readonly text: string }>;
  readonly faults: Fault[];
  /** Calls that wrote something: `POST /git/refs`. */
  readonly writes: string[];
  close(): Promise<void>;
}

const sha = (text: string) => createHash('sha1').update(text).digest('hex');

export async function openForge(baseCommit: string): Promise<ForgeDouble> {
  const refs = new Map([['main', baseCommit]]);
  const commits = new Map<string, Commit>([
    [baseCommit, { message: 'first', tree: { sha: sha('base') }, parents: [] }],
  ]);
  const pulls: Pull[] = [];
  const comments: { number: number; body: string }[] = [];
  const blobs = new Map<string, string>();
  const files = new Map<string, { path: string; text: string }>();
  const faults: Fault[] = [];
  const writes: string[] = [];

  function answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, never>,
  ): readonly [number, unknown] {
    const ref = /^\/git\/refs?\/heads\/(.+)$/.exec(path)?.[1];
    if (method === 'GET' && ref !== undefined) {
      const at = refs.get(ref);
      return at === undefined ? [404, { message: 'Not Found' }] : [200, { object: { sha: at } }];
    }
    if (method === 'PATCH' && ref !== undefined) {
      if (!refs.has(ref)) return [422, { message: 'Reference does not exist' }];
      refs.set(ref, body.sha ?? '');
      return [200, {}];
    }
    if (method === 'DELETE' && ref !== undefined) {
      refs.delete(ref);
      return [204, undefined];
    }
    if (method === 'POST' && path === '/git/refs') {
      const name = String(body.ref).replace('refs/heads/', '');
      if (refs.has(name)) return [422, { message: 'Reference already exists' }];
      refs.set(name, body.sha ?? '');
      return [201, {}];
    }
    const commit = /^\/git\/commits\/(\w+)$/.exec(path)?.[1];
    if (method === 'GET' && commit !== undefined) {
      const found = commits.get(commit);
      return found === undefined ? [404, { message: 'Not Found' }] : [200, found];
    }
    if (method === 'POST' && path === '/git/blobs') {
      const text = Buffer.from(String(body.content), 'base64').toString('utf8');
      blobs.set(sha(text), text);
      return [201, { sha: sha(text) }];
    }
    if (method === 'POST' && path === '/git/trees') {
      const [entry] = body.tree as unknown as readonly { readonly path: string; readonly sha: string }[];
      const tree = sha(JSON.stringify(body));
      files.set(tree, { path: entry?.path ?? '', text: blobs.get(entry?.sha ?? '') ?? '' });
      return [201, { sha: tree }];
    }
    if (method === 'POST' && path === '/git/commits') {
      const made = {
        message: String(body.message),
        tree: { sha: String(body.tree) },
        parents: (body.parents as unknown as string[]).map((one) => ({ sha: one })),
      };
      const name = sha(JSON.stringify(made));
      commits.set(name, made);
      return [201, { sha: name }];
    }
    if (method === 'GET' && path === '/pulls') {
      const branch = query.get('head')?.split(':')[1];
      return [200, pulls.filter((pull) => pull.state === query.get('state') && pull.head.ref === branch)];
    }
    if (method === 'POST' && path === '/pulls') {
      if (pulls.some((pull) => pull.state === 'open' && pull.head.ref === body.head)) {
        return [
          422,
          {
            message: 'Validation Failed',
            errors: [{ message: `A pull request already exists for shop:${String(body.head)}.` }],
          },
        ];
      }
      const number = pulls.length + 1;
      const pull: Pull = {
        number,
        title: String(body.title),
        body: String(body.body),
        state: 'open',
        head: { ref: String(body.head) },
        base: { ref: String(body.base) },
        html_url: `https://example.com/pull/${number}`,
        merged_at: null,
      };
      pulls.push(pull);
      return [201, pull];
    }
    const number = Number(/^\/(?:pulls|issues)\/(\d+)/.exec(path)?.[1]);
    const pull = pulls.find((one) => one.number === number);
    if (method === 'PATCH' && pull !== undefined) {
      const { base, ...change } = body as unknown as { readonly base?: string };
      Object.assign(pull, change, base === undefined ? {} : { base: { ref: base } });
      return [200, pull];
    }
    if (method === 'POST' && path.endsWith('/comments')) {
      comments.push({ number, body: String(body.body) });
      return [201, {}];
    }
    return [404, { message: `no such call: ${method} ${path}` }];
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const path = pathname.replace('/repos/shop/orders', '');
    const method = request.method ?? '';
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const fault = faults.find(({ of, times }) => times > 0 && `${method} ${path}`.startsWith(of));
    if (fault !== undefined) fault.times -= 1;
    if (method !== 'GET' && fault === undefined) writes.push(`${method} ${path.replace(/[0-9a-f]{40}/, '…')}`);
    const [status, said] =
      fault === undefined || fault.isDone ? answer(method, path, searchParams, body) : [0, undefined];
    response.writeHead(fault?.status ?? status, { 'content-type': 'application/json', ...fault?.headers });
    response.end(
      fault === undefined
        ? said === undefined
          ? ''
          : JSON.stringify(said)
        : JSON.stringify({ message: fault.message }),
    );
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refs,
    commits,
    pulls,
    comments,
    files,
    faults,
    writes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
