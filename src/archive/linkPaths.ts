/** Longest chain that Linux follows (ELOOP beyond). */
const maxFollowed = 40;

/**
 * Whether a symbolic link leads out of the folder that all paths start in, through the other links, too: each of a chain
 * may look harmless alone. Absolute targets are left to the caller; a link to nothing leads nowhere.
 */
export function leadsOutside(path: string, links: ReadonlyMap<string, string>): boolean {
  const pending = path.split('/').reverse();
  const reached: string[] = [];
  let followed = 0;
  while (pending.length > 0) {
    const part = pending.pop();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      if (reached.pop() === undefined) return true;
      continue;
    }
    reached.push(part);
    const target = links.get(reached.join('/'));
    if (target === undefined) continue;
    // It leads to another part of the file system, where this folder ends.
    if (target.startsWith('/')) return false;
    followed += 1;
    if (followed > maxFollowed) return false;
    reached.pop();
    pending.push(...target.split('/').reverse());
  }
  return false;
}
