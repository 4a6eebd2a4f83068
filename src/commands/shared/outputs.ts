import { constants } from 'node:fs';
import { access, appendFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { canColor, showsUnicode } from '../../host/terminal.ts';
import type { TuningResult } from '../../model/run.ts';
import { nearest, type RunOptions } from '../../options/options.ts';
import type { Reporters } from '../../reporters/registry.ts';
import type { TableView } from '../../reporters/wording/terminalPage.ts';
import { leftBehindBlock } from '../../reporters/wording/verdictText.ts';
import { withoutCommands } from '../../reporters/wording/workflowCommand.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { painter } from '../../text/terminalStyle.ts';
import { absolutePath } from './inputs.ts';

/** Where a run's reports go. Checked before anything is created: a run must not be paid for and then lost. */
export interface Outputs {
  readonly stdout: string;
  readonly files: readonly { readonly format: string; readonly file: string }[];
}

/** A document with the formats it can be rendered in. */
export interface Rendered<Saved> {
  readonly saved: Saved;
  readonly reporters: Reporters<Saved>;
  readonly runId: string;
  readonly leftBehind: TuningResult['leftBehind'];
  /** What later steps of a GitHub job can read: `steps.<id>.outputs.<name>`. Values are words of ours, on one line. */
  readonly stepOutputs: Readonly<Record<string, string>>;
}

type OutputOptions = Pick<RunOptions, 'report' | 'json' | 'quiet' | 'color' | 'assumeRole'>;

/** Throws TuneError USAGE for an unknown format, REPORT_PATH for a file that could not be written. */
export async function planOutputs(options: OutputOptions, formats: readonly string[], io: Io): Promise<Outputs> {
  const wanted = options.report.map((text) => {
    const [format = '', ...rest] = text.split('=');
    if (!formats.includes(format)) {
      throw new TuneError('USAGE', `--report: "${format}" is not a format here.`, {
        hint: `Did you mean "${nearest(format, formats)}"? Formats: ${formats.join(', ')}.`,
      });
    }
    if (rest.join('=') === '-') {
      throw new TuneError('USAGE', `--report: "-" is no file here.`, {
        hint: `To print it, leave out the file: --report ${format}`,
      });
    }
    return { format, file: rest.join('=') };
  });
  const files = wanted.filter((report) => report.file !== '');
  for (const { file } of files) await checkWritable(absolutePath(file, io), file);
  const printed = wanted.filter((report) => report.file === '').map((report) => report.format);
  if (printed.length > 1) {
    throw new TuneError('USAGE', `--report: only one format can be printed (${printed.join(', ')}).`, {
      hint: 'Give the others a file: --report markdown=tune.md',
    });
  }
  const fallback = options.json ? 'json' : options.quiet ? 'quiet' : 'table';
  if (options.json && printed[0] !== undefined && printed[0] !== 'json') {
    throw new TuneError('USAGE', `--json and --report ${printed[0]} both want standard output.`, {
      hint: `Give one a file: --report ${printed[0]}=<file>`,
    });
  }
  return { stdout: printed[0] ?? fallback, files };
}

/** @throws TuneError REPORT_PATH */
export async function checkWritable(path: string, shown: string): Promise<void> {
  const reject = (why: string) =>
    new TuneError('REPORT_PATH', `The report ${shown} cannot be written: ${why}.`, {
      hint: 'Nothing was created. The folder must exist and be writable.',
    });
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw reject('it is a folder');
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) throw reject('its folder does not exist');
  await access(existing ? path : dirname(path), constants.W_OK).catch(() => {
    throw reject('permission denied');
  });
}

/**
 * Prints and writes every report. A file that cannot be written after all does not cost the result: it goes to the
 * temporary directory, and stderr says where.
 */
export async function writeOutputs<Saved>(
  outputs: Outputs,
  rendered: Rendered<Saved>,
  io: Io,
  options: OutputOptions,
): Promise<void> {
  const { saved, reporters, runId, leftBehind } = rendered;
  const render = (format: string, view: TableView) => {
    const reporter = reporters[format];
    if (reporter === undefined) throw new Error(`no reporter for ${format}`);
    return reporter(saved, view);
  };
  for (const { format, file } of outputs.files) {
    const text = render(format, fileView);
    try {
      await writeFileAtomic(absolutePath(file, io), text);
    } catch (error) {
      const rescue = join(io.temporaryDirectory, `tune-${runId}-${format}.txt`);
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      io.stderr.write(`tune: the report ${escapeTerminal(file)} could not be written (${code}).\n`);
      const isRescued = await writeFileAtomic(rescue, text, { mode: 0o600 }).then(
        () => true,
        () => false,
      );
      if (isRescued) io.stderr.write(`      It was saved as ${escapeTerminal(rescue)} instead.\n`);
    }
  }
  io.stdout.write(forLog(render(outputs.stdout, stdoutView(options, io)), outputs.stdout, io));
  if ([outputs.stdout, ...outputs.files.map(({ format }) => format)].includes('github')) {
    await appendFor('GITHUB_STEP_SUMMARY', `${render('markdown', fileView)}\n`, io);
    const lines = Object.entries(rendered.stepOutputs).map(([name, text]) => `${name}=${text}\n`);
    await appendFor('GITHUB_OUTPUT', lines.join(''), io);
  }
  // The table has it; who reads the others on a terminal or in a CI log must see it, too.
  if (outputs.stdout !== 'table' && leftBehind.length > 0) {
    io.stderr.write(
      `${leftBehindBlock({ leftBehind, runId, options: { assumedRole: options.assumeRole } }, io.stderr.columns, painter(false)).join('\n')}\n`,
    );
  }
}

const fileView: TableView = { columns: 120, color: false, isPipe: true };

/** What goes into a pipe is the same everywhere; a terminal gets what it can show. */
function stdoutView(options: OutputOptions, io: Io): TableView {
  if (!io.stdout.isTty) return { columns: 80, color: false, isPipe: true };
  const unicode = showsUnicode(io.stdout, io);
  return {
    columns: io.stdout.columns,
    color: canColor(io.stdout, options, io),
    unicode,
    curves: unicode && io.env.TERM !== 'dumb',
  };
}

/** In a GitHub job what others say must not be read as a command to the runner; `github` is written for it, JSON for programs. */
function forLog(text: string, format: string, io: Io): string {
  if (io.env.GITHUB_ACTIONS !== 'true' || format === 'github' || format === 'json') return text;
  return text.split('\n').map(withoutCommands).join('\n');
}

/**
 * Files that a GitHub job names in its environment: the summary's Markdown is shown on the page of the job, outputs are read
 * by later steps. Several commands of one step may add to them.
 */
async function appendFor(variable: 'GITHUB_STEP_SUMMARY' | 'GITHUB_OUTPUT', text: string, io: Io): Promise<void> {
  const file = io.env[variable];
  if (!file) return;
  await appendFile(absolutePath(file, io), text).catch((error: NodeJS.ErrnoException) => {
    io.stderr.write(`tune: $${variable} could not be written (${error.code ?? 'unknown error'}).\n`);
  });
}
