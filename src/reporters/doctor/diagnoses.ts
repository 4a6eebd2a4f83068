import type { Diagnosis } from '../../doctor/doctor.ts';
import { escapeTerminal } from '../../text/escape.ts';
import type { Paint } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';

const styles = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
const narrowest = 40;

/** One line for each thing looked at, its cure below it. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[], columns: number, paint: Paint): string {
  const width = Math.max(...diagnoses.map(({ subject }) => subject.length));
  const indent = 6 + width + 2;
  const room = Math.max(narrowest, columns) - indent;
  const lines = diagnoses.flatMap(({ subject, level, text, cure }) => {
    const [first = '', ...rest] = [text, ...(cure === undefined ? [] : [cure])].flatMap((part) =>
      wrapText(escapeTerminal(part, 1000), room),
    );
    return [
      `${paint(styles[level], level.padEnd(6))}${subject.padEnd(width + 2)}${first}`,
      ...rest.map((line) => `${' '.repeat(indent)}${line}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}
