// The few calls of GitHub's API that a proposal needs, with what goes wrong there in words. Everything is read before it is
// written: what is there already is not made again, and a branch that somebody else added to is left alone.

/** In the text of a pull request that the action closed itself. */
export const withdrawn = '<!-- lambda-tune: withdrawn -->';

const mostAttempts = 4;
const longestWaitMs = 60_000;

/** What the user can do something about; anything else is thrown as it comes. */
export class ForgeError extends Error {}

/**
 * @param {{ apiUrl: string, repository: string, token: string, fetch?: typeof fetch, wait?: (ms: number) => Promise<void> }} options
 */
export function connectForge({ apiUrl, repository, token, fetch: send = fetch, wait = waitFor }) {
  const base = `${apiUrl.replace(/\/$/, '')}/repos/${repository}`;

  /** Answers with the body; `undefined` for 404. Waits where the service says so, and only so often. */
  async function call(method, path, body) {
    for (let attempt = 1; ; attempt += 1) {
      const response = await send(`${base}${path}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'user-agent': 'lambda-tune',
          'x-github-api-version': '2022-11-28',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? {} : JSON.parse(text);
      if (response.status === 404 && method === 'GET') return undefined;
      const waitMs = pauseOf(response);
      const isPassing = waitMs !== undefined || response.status >= 500;
      if (!isPassing || attempt === mostAttempts) throw failed(response.status, text, `${method} ${path}`);
      await wait(Math.min(longestWaitMs, waitMs ?? 1000 * 2 ** attempt));
    }
  }

  return {
    /** The open pull request of a branch of this repository. */
    async openPull(branch) {
      const owner = repository.split('/')[0];
      const found = await call('GET', `/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`);
      return (found ?? []).find((pull) => pull.head?.ref === branch);
    },

    /** One that people closed without merging it. */
    async declinedPull(branch, title) {
      const owner = repository.split('/')[0];
      const found = await call('GET', `/pulls?state=closed&head=${encodeURIComponent(`${owner}:${branch}`)}`);
      return (found ?? []).find(
        (pull) =>
          pull.head?.ref === branch &&
          pull.merged_at === null &&
          pull.title === title &&
          !pull.body?.includes(withdrawn),
      );
    },

    /** Where a branch stands, with who made its last commit. */
    async branchHead(branch) {
      const ref = await call('GET', `/git/ref/heads/${branch}`);
      if (ref === undefined) return undefined;
      const commit = await call('GET', `/git/commits/${ref.object.sha}`);
      return { sha: ref.object.sha, message: commit.message, tree: commit.tree.sha, parent: commit.parents[0]?.sha };
    },

    /** A commit on `parent` in which one file is another; nothing points to it yet. */
    async commitFile({ parent, file, mode, content, message }) {
      const before = await call('GET', `/git/commits/${parent}`);
      const blob = await call('POST', '/git/blobs', { content: content.toString('base64'), encoding: 'base64' });
      const tree = await call('POST', '/git/trees', {
        base_tree: before.tree.sha,
        tree: [{ path: file, mode, type: 'blob', sha: blob.sha }],
      });
      return {
        tree: tree.sha,
        create: async () => (await call('POST', '/git/commits', { message, tree: tree.sha, parents: [parent] })).sha,
      };
    },

    async createBranch(branch, sha) {
      await call('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
    },

    async moveBranch(branch, sha) {
      await call('PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
    },

    async deleteBranch(branch) {
      await call('DELETE', `/git/refs/heads/${branch}`);
    },

    async createPull({ branch, into, title, body }) {
      return call('POST', '/pulls', { head: branch, base: into, title, body, maintainer_can_modify: true });
    },

    async updatePull(number, change) {
      return call('PATCH', `/pulls/${number}`, change);
    },

    async comment(number, body) {
      await call('POST', `/issues/${number}/comments`, { body });
    },
  };
}

/** Primary limits say when they end, secondary ones how long to wait. Undefined: it is no limit. */
function pauseOf(response) {
  if (response.status !== 403 && response.status !== 429) return undefined;
  const after = Number(response.headers.get('retry-after'));
  if (after > 0) return after * 1000;
  if (response.headers.get('x-ratelimit-remaining') === '0') {
    return Math.max(1000, Number(response.headers.get('x-ratelimit-reset')) * 1000 - Date.now());
  }
  return response.status === 429 ? 5000 : undefined;
}

function failed(status, text, what) {
  const said = messageIn(text);
  if (status === 403 && /not permitted to create or approve pull requests/i.test(said)) {
    return new ForgeError(
      'This repository does not let Actions create pull requests. Allow it in Settings, Actions, General, Workflow permissions: "Allow GitHub Actions to create and approve pull requests". Or give the action the token of an app.',
    );
  }
  if (status === 403 && /resource not accessible/i.test(said)) {
    return new ForgeError(
      'The token may not do this. The job needs: permissions: { contents: write, pull-requests: write }',
    );
  }
  if (status === 401) return new ForgeError('The token is not valid here.');
  const error = new ForgeError(`GitHub refused ${what} (${status}): ${said}`);
  error.status = status;
  return error;
}

function messageIn(text) {
  try {
    const { message = '', errors = [] } = JSON.parse(text);
    return [message, ...errors.map((one) => one.message ?? '')]
      .filter((part) => part !== '')
      .join(' ')
      .slice(0, 300);
  } catch {
    return 'no reason given';
  }
}

function waitFor(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
