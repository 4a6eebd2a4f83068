// What a pull request says: the answer, the diff, the figure, the table, and how to see it for oneself.

/** GitHub refuses longer ones. */
const longestBody = 65_000;

export function titleOf({ functionName, to }) {
  const variant = to.variant === undefined ? '' : `, ${to.variant.name}`;
  return `${oneLine(functionName)}: ${to.memoryMb} MB on ${to.architecture}${oneLine(variant)}`;
}

/**
 * `markdown` and `answer` are what tune wrote for people to read; the rest is put into fences or code spans here.
 */
export function bodyOf({ application, run, markdown, answer, command, usesAppToken }) {
  const { diff = '', mustFollow = [], besides = [], notes = [], edits = [], next } = application;
  const said = [...edits.flatMap((edit) => edit.notes), ...notes];
  const parts = [
    escaped(answer),
    `${fenced('diff', diff)}`,
    listOf('With the architecture, this must follow', mustFollow),
    listOf(
      'Besides, to write by hand',
      besides.map(({ file, line, because, write }) => `${file}:${line}: ${because}: ${write}`),
    ),
    listOf('Notes', said),
    figureOf(run),
    `<details><summary>All that was measured</summary>\n\n${markdown.trim()}\n\n</details>`,
    next === undefined ? '' : listOf('Roll out', next.rollOut),
    next === undefined ? '' : listOf('Back', next.rollBack),
    next === undefined ? '' : `After the deployment:\n\n${fenced('sh', next.verify)}`,
    `To see it for yourself:\n\n${fenced('sh', command)}`,
    usesAppToken
      ? ''
      : "The checks of this repository do not start on it by themselves, since the workflow's own token opened it: close and reopen it, or give the action the token of an app.",
  ];
  const body = parts.filter((part) => part !== '').join('\n\n');
  return body.length <= longestBody ? body : body.replace(/<details>[\s\S]*<\/details>\n\n/, '').slice(0, longestBody);
}

/** Costs by size as GitHub draws them; sizes that every architecture was measured at. */
export function figureOf(run) {
  const rows = (run.configurations ?? []).filter(
    ({ status, warm, variant }) => status === 'measured' && warm?.costUsd && variant === undefined,
  );
  const curves = [...new Set(rows.map(({ architecture }) => architecture))];
  const costAt = (architecture, memoryMb) =>
    rows.find((row) => row.architecture === architecture && row.memoryMb === memoryMb)?.warm.costUsd.mean;
  const sizes = [...new Set(rows.map(({ memoryMb }) => memoryMb))]
    .filter((memoryMb) => curves.every((architecture) => costAt(architecture, memoryMb) !== undefined))
    .sort((one, other) => one - other);
  if (sizes.length < 2) return '';
  const lines = curves.map(
    (architecture) =>
      `  line [${sizes.map((memoryMb) => (costAt(architecture, memoryMb) * 1e6).toFixed(3)).join(', ')}]`,
  );
  return [
    `US$ per million invocations by memory size (MB); lines: ${curves.join(', ')}`,
    '',
    '```mermaid',
    'xychart-beta',
    `  x-axis [${sizes.join(', ')}]`,
    '  y-axis "US$ per million"',
    ...lines,
    '```',
  ].join('\n');
}

/** A fence longer than any in it. */
function fenced(language, text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function listOf(title, lines) {
  return lines.length === 0 ? '' : `${title}:\n\n${lines.map((line) => `- ${escaped(line)}`).join('\n')}`;
}

/** Nothing of a file or a function is read as Markdown, HTML, a mention or a link. */
function escaped(text) {
  return oneLine(text)
    .replace(/[\\`*_{}[\]()!|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#:](?=\S)|\bGH-(?=\d)|\bwww(?=\.)/gi, '$&&#8203;');
}

function oneLine(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
