import type { ApplySteps } from '../../advice/applySteps.ts';
import type { ProvisioningSteps } from '../../advice/provisioning.ts';
import type { TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf } from '../../text/format.ts';
import { shellQuote } from '../../text/shellQuote.ts';
import type { Paint, Style } from '../../text/terminalStyle.ts';
import { textWidth, wrapText } from '../../text/wrapText.ts';

export interface LabelledText {
  readonly label: string;
  readonly text: string;
  readonly style: Style;
}

/** Labels in one column, texts in another; a label that repeats is said once. */
export function labelledLines(items: readonly LabelledText[], columns: number, paint: Paint): readonly string[] {
  const labelColumns = Math.max(0, ...items.map((item) => item.label.length)) + 2;
  return items.flatMap((item, index) => {
    const isRepeated = items[index - 1]?.label === item.label;
    const label = (isRepeated ? '' : item.label).padEnd(labelColumns);
    return wrapText(item.text, columns - labelColumns).map((line, lineIndex) =>
      lineIndex === 0 ? `${paint(item.style, label)}${line}` : `${' '.repeat(labelColumns)}${line}`,
    );
  });
}

/** The commands and settings that put the choice into effect, one per line and broken so that they can be pasted. */
export function applyBlock(apply: ApplySteps, columns: number, paint: Paint): readonly string[] {
  const settings = apply.settings.filter((setting) => setting.lines.length > 0);
  const toolColumns = Math.max(...settings.map((setting) => setting.tool.length)) + 2;
  return [
    paint('bold', 'To apply it (printed, never run):'),
    ...apply.commands.flatMap((command) => commandLines(command, columns)),
    ...applyNotes(apply).flatMap((note) => indented(note, columns, 2)),
    ...settings.map((setting) => `  ${setting.tool.padEnd(toolColumns)}${setting.lines.join('   ')}`),
  ];
}

const byHandWords = { layers: 'the layers', environment: 'the environment', code: 'the code' } as const;

/** The first command of provisioned concurrency; the rest of them, and the lines of other tools, are for a page or a file. */
export function provisioningBlock(steps: ProvisioningSteps, columns: number, paint: Paint): readonly string[] {
  const [first, ...others] = steps.commands;
  const tools = steps.settings.map(({ tool }) => tool);
  const more =
    others.length === 0 ? '' : `${formatNumberOf(others.length, 'put-scheduled-action')}, one for each time, and `;
  const lines = `the lines for ${tools.slice(0, -1).join(', ')} and ${tools.at(-1) ?? ''} are in --report markdown=FILE and html=FILE.`;
  return [
    paint('bold', provisioningHead),
    ...(first === undefined ? [] : commandLines(first, columns)),
    ...indented(
      `${more}${lines}`.replace(/^./, (letter) => letter.toUpperCase()),
      columns,
      2,
    ).map((line) => paint('dim', line)),
  ];
}

export const provisioningHead = 'To provision it, of a version or alias (printed, never run):';

export function provisioningLines(steps: ProvisioningSteps): readonly string[] {
  return [
    ...steps.commands.map(commandText),
    ...steps.settings.flatMap(({ tool, lines }) => [`# ${tool}:`, ...lines.map((line) => `#   ${line}`)]),
  ];
}

export function applyNotes(apply: ApplySteps): readonly string[] {
  return [
    ...(apply.needsCodeFor === undefined
      ? []
      : [`The architecture changes only together with the code: name the package built for ${apply.needsCodeFor}.`]),
    ...(apply.byHand.length === 0
      ? []
      : [
          `Change ${apply.byHand.map((key) => byHandWords[key]).join(' and ')} as the variant has it: it is not repeated here.`,
        ]),
    ...(apply.qualifier === undefined
      ? []
      : [
          `This changes $LATEST; ${escapeTerminal(apply.qualifier, 130)} follows with publish-version and update-alias.`,
        ]),
  ];
}

/** Every argument escaped before it is quoted, so that what is shown is one line and what is pasted is one argument. */
export function commandText(command: readonly string[]): string {
  return command.map((argument) => shellQuote(escapeTerminal(argument))).join(' ');
}

function commandLines(command: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const argument of optionsTogether(command)) {
    // Two columns for the backslash that continues the command.
    if (textWidth(line) + 1 + textWidth(argument) > columns - 2 && line.trim() !== '') {
      lines.push(`${line} \\`);
      line = '   ';
    }
    line = `${line} ${argument}`;
  }
  return [...lines, line];
}

/** An option and its value stay on one line. */
function optionsTogether(command: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  for (const argument of command.map((one) => shellQuote(escapeTerminal(one)))) {
    const last = pieces.at(-1);
    if (last?.startsWith('--') && !last.includes(' ') && !argument.startsWith('--')) {
      pieces[pieces.length - 1] = `${last} ${argument}`;
    } else pieces.push(argument);
  }
  return pieces;
}

interface LeftBy {
  readonly options?: { readonly assumedRole?: string | undefined };
}

/** As it is typed: it reaches the account in the same way. */
export function cleanupWords(runId: string, role: string | undefined): string {
  const words = ['--run', runId, ...(role === undefined ? [] : ['--assume-role', role])];
  return ['tune cleanup', ...words.map((word) => shellQuote(escapeTerminal(word)))].join(' ');
}

export function leftBehindBlock(
  { leftBehind, runId, options }: Pick<TuningResult, 'leftBehind' | 'runId'> & LeftBy,
  columns: number,
  paint: Paint,
): readonly string[] {
  if (leftBehind.length === 0) return [];
  const heading = `LEFT BEHIND in the account: ${formatNumberOf(leftBehind.length, 'thing')}. Remove all with: ${cleanupWords(runId, options?.assumedRole)}`;
  return [
    ...wrapText(heading, columns).map((line) => paint('red', line)),
    ...leftBehind.flatMap((left) => [
      ...indented(escapeTerminal(left.name, 300), columns, 2),
      ...indented(
        `${leftBehindKind[left.kind]} in ${escapeTerminal(left.region, 60)}: ${escapeTerminal(left.reason)}`,
        columns,
        4,
      ),
      // Not wrapped: it is there to be pasted.
      `    ${escapeTerminal(left.command, 1000)}`,
    ]),
  ];
}

function indented(text: string, columns: number, by: number): readonly string[] {
  return wrapText(text, columns - by).map((line) => `${' '.repeat(by)}${line}`);
}

export const leftBehindKind = { function: 'function', logGroup: 'log group', stagedObject: 'staged object' } as const;
