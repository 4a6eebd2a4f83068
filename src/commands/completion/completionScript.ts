import type { Command, Option } from 'commander';
import { architectures } from '../../model/configuration.ts';
import { optionsOn, type ShownOption } from '../../options/shown.ts';
import { regionPrices } from '../../pricing/prices.generated.ts';
import { type NamedCommand, namedCommands } from '../shared/program/commandTree.ts';

/** Completion scripts from commander's own tree of commands: static text, nothing is asked of `tune` while somebody types. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return (shells as readonly string[]).includes(text);
}

export function renderCompletion(shell: Shell, program: Command): string {
  const commands = namedCommands(program).map((one) => commandOf(one, program));
  return scripts[shell](commands);
}

interface CompletedCommand {
  /** '' is `tune` without a word. */
  readonly name: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  /** Whether files make sense after it. */
  readonly takesFile: boolean;
  readonly words: readonly string[];
}

interface CompletedFlag {
  readonly long: string;
  readonly short?: string | undefined;
  readonly description: string;
  readonly values: Values;
}

/** What follows a flag: one of some words, a file, something that nobody can guess, or nothing. */
type Values = { readonly words: readonly string[] } | 'file' | 'free' | 'none';

function commandOf({ name, command }: NamedCommand, program: Command): CompletedCommand {
  const ofTable = optionsOn(name);
  const shownArguments = command.registeredArguments.map((argument) => argument.name());
  return {
    name: command === program ? '' : name,
    description: firstLine(command.description()),
    flags: [...command.options, command.createOption('-h, --help', 'display help')].map((option) =>
      flagOf(option, ofTable),
    ),
    takesFile: shownArguments.some((name) => /json|file/.test(name)),
    words: name === 'completion' ? shells : command.commands.map((one) => one.name()),
  };
}

function flagOf(option: Option, ofTable: readonly ShownOption[]): CompletedFlag {
  const long = option.long ?? '';
  return {
    long,
    short: option.short,
    description: firstLine(option.description),
    values: option.required ? valuesOf(ofTable.find((one) => one.long === long)) : 'none',
  };
}

function valuesOf(option: ShownOption | undefined): Values {
  const { offers = [], row } = option ?? {};
  if (offers.length > 0) return { words: offers };
  switch (row?.completes) {
    case 'file':
      return 'file';
    case 'region':
      return { words: Object.keys(regionPrices) };
    case 'architecture':
      return { words: [...architectures, architectures.join(',')] };
    case undefined:
      return 'free';
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}

/** For a single-quoted string of any of the three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '').replaceAll("'", '’')}'`;
}

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of tune for bash: source it, or put it into ~/.local/share/bash-completion/completions/tune
_tune() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
      ${wordsOf(commands)}) command=\${command:+$command }$word ;;
    esac
  done
  case $command in
${commands.map(bashCase).join('\n')}
  esac
}
complete -F _tune tune
`;
}

/** What follows an option, else the options and words of the command. */
function bashCase({ name, flags, words, takesFile }: CompletedCommand): string {
  const takers = (kind: 'file' | 'free') => flags.flatMap((flag) => (flag.values === kind ? [namesOf(flag)] : []));
  const cases = [
    [takers('free'), 'return'],
    [takers('file'), 'compopt -o default 2>/dev/null; return'],
    ...flags.flatMap((flag) =>
      typeof flag.values === 'string' ? [] : [[[namesOf(flag)], `${offering(flag.values.words)}; return`] as const],
    ),
  ] as const;
  const values = cases.flatMap(([names, does]) =>
    names.length === 0 ? [] : [`        ${names.join('|')}) ${does} ;;`],
  );
  const known = flags.flatMap(({ long, short }) => [long, ...(short ? [short] : [])]);
  const files = takesFile ? '\n      [[ $cur == -* ]] || compopt -o default 2>/dev/null' : '';
  return `    '${name}')
      case $prev in
${values.join('\n')}
      esac
      ${offering([...known, ...words])}${files} ;;`;
}

/** `' check'`, and of a group `'fleet rank'`: a value that is called like a command is none. */
function wordsOf(commands: readonly CompletedCommand[]): string {
  const names = commands.flatMap(({ name }) => (name === '' ? [] : [name.includes(' ') ? name : ` ${name}`]));
  return names.map((name) => `'${name}'`).join('|');
}

function offering(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
}

function namesOf({ long, short }: CompletedFlag): string {
  return [long, ...(short ? [short] : [])].join('|');
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const [main] = commands;
  const argumentLines = ({ flags }: CompletedCommand) =>
    flags.flatMap(({ long, short, description, values }) => {
      const explained = description.replace(/[[\]:]/g, ' ');
      const value =
        values === 'none'
          ? ''
          : values === 'file'
            ? ':file:_files'
            : values === 'free'
              ? ': : '
              : `:value:(${values.words.join(' ')})`;
      return [long, ...(short ? [short] : [])].map((name) => quoted(`*${name}[${explained}]${value}`));
    });
  const rest = (one: CompletedCommand) =>
    one.takesFile ? [quoted('*:file:_files')] : one.words.length > 0 ? [quoted(`1:word:(${one.words.join(' ')})`)] : [];
  const call = (one: CompletedCommand, indent: string) =>
    `_arguments ${[...argumentLines(one), ...rest(one)].join(` \\\n${indent}`)}`;
  return `#compdef tune
# Completion of tune for zsh: put it as _tune into a folder of $fpath
_tune() {
  local command='' word
  for word in \${words[2,CURRENT-1]}; do
    case "$command $word" in
      ${wordsOf(commands)}) command=\${command:+$command }$word ;;
    esac
  done
  case $command in
${commands
  .filter((one) => one !== main)
  .map((one) => `    '${one.name}') shift words; (( CURRENT-- )); ${call(one, '      ')} ;;`)
  .join('\n')}
    *) ${main === undefined ? ':' : call(main, '      ')} ;;
  esac
}
if [ "$funcstack[1]" = _tune ]; then _tune "$@"; else compdef _tune tune; fi
`;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, flags, words, takesFile }) => {
    const isHere =
      name === ''
        ? '__fish_use_subcommand'
        : name
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    const here = `complete -c tune -n ${quoted(isHere)}`;
    return [
      ...(name === '' || name.includes(' ')
        ? []
        : [`complete -c tune -n '__fish_use_subcommand' -f -a ${name} -d ${quoted(description)}`]),
      ...(words.length > 0 && name !== '' ? [`${here} -f -a ${quoted(words.join(' '))}`] : []),
      ...(takesFile ? [`${here} -F`] : []),
      ...flags.map(({ long, short, description: said, values }) => {
        const names = `-l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}`;
        const value =
          values === 'none'
            ? ''
            : values === 'file'
              ? ' -r -F'
              : values === 'free'
                ? ' -x'
                : ` -x -a ${quoted(values.words.join(' '))}`;
        return `${here} ${names}${value} -d ${quoted(said)}`;
      }),
    ];
  });
  return `# Completion of tune for fish: put it into ~/.config/fish/completions/tune.fish\ncomplete -c tune -f\n${lines.join('\n')}\n`;
}
