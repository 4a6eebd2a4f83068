// One pull request per function: opened, brought up to date, or closed when the answer no longer holds. What comes of it is the
// same however often it is called.
import { ForgeError, withdrawn } from './forge.mjs';

/** Marks commits and pull requests as the action's own. */
const mark = (functionName) => `Lambda-Tune-Function: ${functionName}`;

/** A branch for each function, whatever its name is. */
export function branchOf(functionName) {
  return `lambda-tune/${functionName.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '')}`;
}

/**
 * @returns {Promise<{ done: 'opened' | 'updated' | 'unchanged' | 'leftAlone' | 'declined', url?: string }>}
 */
export async function propose(forge, { functionName, parent, into, file, mode, content, title, body }) {
  const branch = branchOf(functionName);
  const message = `${title}\n\n${mark(functionName)}`;
  const head = await forge.branchHead(branch);
  if (head !== undefined && !head.message.includes(mark(functionName))) return { done: 'leftAlone' };
  const pull = await forge.openPull(branch);
  const declined = pull === undefined ? await forge.declinedPull(branch, title) : undefined;
  if (declined !== undefined) return { done: 'declined', url: declined.html_url };
  const commit = await forge.commitFile({ parent, file, mode, content, message });
  const isThere = head !== undefined && head.tree === commit.tree && head.parent === parent;
  if (!isThere) await putBranch(forge, branch, head, await commit.create());
  if (pull === undefined) {
    const opened = await openPull(forge, { branch, into, title, body });
    return { done: 'opened', url: opened.html_url };
  }
  const isSame = pull.title === title && (pull.body ?? '').replaceAll('\r\n', '\n') === body && pull.base?.ref === into;
  if (!isSame) await forge.updatePull(pull.number, { title, body, base: into });
  return { done: isThere && isSame ? 'unchanged' : 'updated', url: pull.html_url };
}

/** Closes what was proposed for it, with the reason. Undefined: there was nothing. */
export async function withdraw(forge, functionName, reason) {
  const branch = branchOf(functionName);
  const pull = await forge.openPull(branch);
  if (pull === undefined) return undefined;
  await forge.comment(pull.number, reason);
  await forge.updatePull(pull.number, { state: 'closed', body: `${pull.body ?? ''}\n\n${withdrawn}` });
  const head = await forge.branchHead(branch);
  if (head?.message.includes(mark(functionName))) await forge.deleteBranch(branch);
  return { done: 'closed', url: pull.html_url };
}

/** Two jobs may do the same at the same time: what one has just made, the other moves. */
async function putBranch(forge, branch, head, sha) {
  if (head !== undefined) return forge.moveBranch(branch, sha);
  try {
    return await forge.createBranch(branch, sha);
  } catch (error) {
    if (!(error instanceof ForgeError) || (error.status !== 422 && error.status !== 409)) throw error;
    return forge.moveBranch(branch, sha);
  }
}

async function openPull(forge, { branch, into, title, body }) {
  try {
    return await forge.createPull({ branch, into, title, body });
  } catch (error) {
    if (!(error instanceof ForgeError) || error.status !== 422) throw error;
    const there = await forge.openPull(branch);
    if (there === undefined) throw error;
    return forge.updatePull(there.number, { title, body });
  }
}
