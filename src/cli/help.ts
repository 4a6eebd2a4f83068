import { type Command, CommanderError, Help, type Option } from 'commander';
import { examples } from './helpExamples.ts';

/** What most runs need, some of it in fewer words: with these `tune --help` fits one screen, `tune --help-all` has the rest. */
const commonOptions: Readonly<Record<string, string | undefined>> = {
  '--function': 'name, ARN, name:qualifier, ./folder or ./file.zip',
  '--memory': '128,512 or all: in full; auto or 256..3008: raced',
  '--architecture': undefined,
  '--invocations': undefined,
  '--payload': undefined,
  '--goal': undefined,
  '--dry-run': undefined,
  '--max-spend-usd': undefined,
  '--yes': undefined,
  '--region': undefined,
  '--json': undefined,
  '--report': 'html, markdown, csv, junit, …; repeatable',
  '--quiet': undefined,
  '--help-all': undefined,
  '--help': undefined,
};

const exitCodes = `
Exit codes: 0 ok · 1 regressed · 2 usage, configuration or function cannot be
            tuned · 3 not measured · 4 inconclusive · 5 something was left
            behind · 70 a bug · 129, 130, 143 interrupted (after cleaning up)`;

/** Call it when all options and commands are there. */
export function addHelp(program: Command): void {
  let isShort = true;
  program.option('--help-all', 'all options, and the exit codes');
  program.on('option:help-all', () => {
    isShort = false;
    program.outputHelp();
    throw new CommanderError(0, 'commander.help', '(outputHelp)');
  });
  const isCommon = (option: Option) => Object.hasOwn(commonOptions, option.long ?? '');
  program.configureHelp({
    visibleOptions(command) {
      const options = Help.prototype.visibleOptions.call(this, command);
      return isShort ? options.filter(isCommon) : options;
    },
    optionDescription(option) {
      const short = isShort ? commonOptions[option.long ?? ''] : undefined;
      return short ?? Help.prototype.optionDescription.call(this, option);
    },
    groupItems(unsorted, visible, groupOf) {
      const isOfOptions = visible.some((item) => 'long' in (item as object));
      return isShort && isOfOptions
        ? new Map([['Common options:', visible]])
        : (Help.prototype.groupItems.call(this, unsorted, visible, groupOf as never) as never);
    },
  });
  program.addHelpText('after', () => `${examplesText('tune')}${isShort ? '' : `\n${exitCodes}`}`);
  for (const command of program.commands) {
    command.addHelpText('after', examplesText(command.name()));
  }
}

function examplesText(command: string): string {
  const lines = examples[command] ?? [];
  const widest = Math.max(...lines.map(([line]) => line.length));
  const rows = lines.map(([line, meaning]) => `  ${line.padEnd(widest)}   ${meaning}`);
  return ['', 'Examples:', ...rows].join('\n');
}
