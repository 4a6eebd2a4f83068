import type { Command, Option } from 'commander';
import { architectures } from '../../model/configuration.ts';

/** Completion scripts from commander's own tree of commands: static text, nothing is asked of `tune` while somebody types. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return (shells as readonly string[]).includes(text);
}

export function renderCompletion(shell: Shell, program: Command): string {
  const commands = [program, ...program.commands].map((command) => commandOf(command, program));
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

/** Known words of options; formats of `--report` are read from its own description. */
const wordsOf: Readonly<Record<string, readonly string[]>> = {
  '--memory': ['auto', 'all'],
  '--architecture': [...architectures, architectures.join(',')],
  '--goal': ['cheapest', 'fastest', 'balanced', 'all'],
  '--strategy': ['cost', 'speed', 'balanced'],
  '--effort': ['quick', 'default', 'careful'],
};

function commandOf(command: Command, program: Command): CompletedCommand {
  const shownArguments = command.registeredArguments.map((argument) => argument.name());
  return {
    name: command === program ? '' : command.name(),
    description: firstLine(command.description()),
    flags: [...command.options, command.createOption('-h, --help', 'display help')].map(flagOf),
    takesFile: shownArguments.some((name) => /json|file/.test(name)),
    words:
      command === program ? program.commands.map((one) => one.name()) : command.name() === 'completion' ? shells : [],
  };
}

function flagOf(option: Option): CompletedFlag {
  const long = option.long ?? '';
  return {
    long,
    short: option.short === undefined || option.short === null ? undefined : option.short,
    description: firstLine(option.description),
    values: valuesOf(option, long),
  };
}

function valuesOf({ flags, description, required, optional }: Option, long: string): Values {
  if (!required && !optional) return 'none';
  if (long === '--report') return { words: (description.split(';')[0] ?? '').split(', ') };
  const words = wordsOf[long];
  if (words !== undefined) return { words };
  return /\b(?:file|json|function)\b/.test(flags.slice(flags.indexOf('<'))) ? 'file' : 'free';
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
  const flagsOf = ({ flags }: CompletedCommand) =>
    flags.flatMap(({ long, short }) => [long, ...(short ? [short] : [])]);
  const takers = (kind: 'file' | 'free') =>
    distinctFlags(commands)
      .flatMap((flag) => (flag.values === kind ? [namesOf(flag)] : []))
      .join('|');
  const valueCases = [
    `    ${takers('free')}) return ;;`,
    `    ${takers('file')}) compopt -o default 2>/dev/null; return ;;`,
    ...distinctFlags(commands).flatMap((flag) =>
      typeof flag.values === 'string'
        ? []
        : [
            `    ${namesOf(flag)}) COMPREPLY=($(compgen -W ${quoted(flag.values.words.join(' '))} -- "$cur")); return ;;`,
          ],
    ),
  ];
  return `# Completion of tune for bash: source it, or put it into ~/.local/share/bash-completion/completions/tune
_tune() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${commands.flatMap(({ name }) => (name === '' ? [] : [name])).join('|')}) command=$word; break ;;
    esac
  done
  case $prev in
${valueCases.join('\n')}
  esac
  case $command in
${commands
  .map((one) => {
    const words = [...flagsOf(one), ...one.words].join(' ');
    const files = one.takesFile ? ' [[ $cur == -* ]] || compopt -o default 2>/dev/null;' : '';
    return `    ${one.name === '' ? "''" : one.name}) COMPREPLY=($(compgen -W ${quoted(words)} -- "$cur"));${files} ;;`;
  })
  .join('\n')}
  esac
}
complete -F _tune tune
`;
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
    case $word in
      ${commands.flatMap(({ name }) => (name === '' ? [] : [name])).join('|')}) command=$word; break ;;
    esac
  done
  case $command in
${commands
  .filter((one) => one !== main)
  .map((one) => `    ${one.name}) shift words; (( CURRENT-- )); ${call(one, '      ')} ;;`)
  .join('\n')}
    *) ${main === undefined ? ':' : call(main, '      ')} ;;
  esac
}
if [ "$funcstack[1]" = _tune ]; then _tune "$@"; else compdef _tune tune; fi
`;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, flags, words, takesFile }) => {
    const isHere = name === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${name}`;
    const here = `complete -c tune -n ${quoted(isHere)}`;
    return [
      ...(name === '' ? [] : [`complete -c tune -n '__fish_use_subcommand' -f -a ${name} -d ${quoted(description)}`]),
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

/** A flag that several commands have takes the same kind of value everywhere. */
function distinctFlags(commands: readonly CompletedCommand[]): readonly CompletedFlag[] {
  const byName = new Map(commands.flatMap(({ flags }) => flags.map((flag) => [flag.long, flag] as const)));
  return [...byName.values()];
}
