import { Command, CommanderError } from 'commander';
import { ExitCode } from '../base/errors.ts';
import type { Io } from '../base/io.ts';
import { toolVersion } from '../base/version.ts';
import { reportError } from '../commands/shared/reportError.ts';
import { readableArguments, unknownCommand } from './arguments.ts';
import { addBaselineCommand } from './baseline.ts';
import { addCheckCommand } from './check.ts';
import { addDebug, debugging } from './debug.ts';
import { collected, givenFlags } from './flags.ts';
import { addHelp } from './help.ts';
import { addMigrateCommand } from './migrate.ts';
import { starting } from './starting.ts';

/**
 * Names, flags and help of every command; each is loaded only when it is called, so that `--help` stays quick.
 * Answers with the exit code; never throws.
 */
export async function main(args: readonly string[], given: Io): Promise<ExitCode> {
  const io = args.includes('--debug') ? debugging(given) : given;
  let exitCode: ExitCode = ExitCode.ok;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(readableArguments(args, program, io.cwd), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return reportError(error, io);
  }
}

const reportFormats = 'table, html, svg, markdown, json, csv, csv-summary, junit, github, gitlab, url';

export function buildProgram(io: Io, setExit: (code: ExitCode) => void): Command {
  const program = new Command('tune')
    .description(
      'Measures an AWS Lambda function at every memory size on x86_64 and arm64, on\n' +
        'copies of it, and says what is cheapest and fastest. Yours is only read.',
    )
    .usage('[options]   or   tune <command>')
    .version(toolVersion, '-V, --version')
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(120, io.stdout.columns),
      getErrHelpWidth: () => Math.min(120, io.stderr.columns),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showSuggestionAfterError();

  program
    .optionsGroup('What to measure:')
    .option('-f, --function <function>', 'name, ARN, name:qualifier, ./directory or ./package.zip')
    .option('-m, --memory <sizes>', '128,512,1024 or all: measured in full; auto (default) or 256..3008: raced')
    .option('--architecture <list>', 'x86_64,arm64 (default: both)')
    .option('-n, --invocations <n>', 'warm invocations per configuration (default: 20)')
    .option('--concurrency <n>', 'environments per configuration (default: 2 on AWS, 1 locally)')
    .option(
      '--max-in-flight <n>',
      'invocations at once, all configurations together (default: 5 % of what is unreserved)',
    )
    .option('--cold-starts <n>', 'make so many cold starts per configuration on purpose')
    .option('--cold-share <share>', 'compare by a mixture with this share of cold starts, such as 2%')
    .option('--payload <json|file|->', 'what every invocation is sent (default: {})')
    .option('--payloads <file>', 'weighted list: [{"payload": …, "weight": 2, "name": "big"}]')
    .option('--payload-template', 'replace {{uuid}} and {{n}} in every payload')
    .option('--max-error-share <share>', 'function errors above it disqualify a configuration (default: 10%)')
    .option('--allow-error <type>', 'function errors of this type count as answers (repeatable)', collected)
    .option('--max-p95-ms <ms>', 'choose only among configurations that keep it')
    .option('--continue <run.json>', 'add samples to a run of the same code that is not older than a day')
    .option('--resume <run>', 'go on with a run that was cut short: same options, nothing paid twice')
    .optionsGroup('Racing (spends calls only where they decide):')
    .option('--goal <goal>', 'cheapest (default), fastest, balanced or all')
    .option('--strategy <word>', "the same in AWS Lambda Power Tuning's words: cost, speed, balanced")
    .option('--effort <effort>', 'quick, default or careful')
    .option('--tolerance <share>', 'within it counts as equal (default: 3%)')
    .option('--adaptive', 'race a list of sizes, too')
    .option('--refine', 'also try sizes between the rungs')
    .option('--seed <n>', 'order of the calls (default: random; it is in the result)')
    .optionsGroup('Money:')
    .option('--dry-run', 'show plan and estimate; make no writing call')
    .option('--max-spend-usd <usd>', "stop before Lambda's charges can exceed it")
    .option('--price <list>', 'US$ for a region without known prices: x86_64=…,arm64=…,request=…')
    .option('-y, --yes', 'do not ask before creating and invoking')
    .optionsGroup('Where and how:')
    .option('--region <region>')
    .option('--profile <profile>')
    .option('--endpoint-url <url>', 'another Lambda endpoint, for instance that of `tune local`')
    .option('--env <NAME=value>', 'lay a variable over the environment of the copies (repeatable)', collected)
    .option('--tag <key=value>', 'a further tag for the copies (repeatable)', collected)
    .option('--no-copy-tags', "leave out the target's own tags")
    .option('--staging-bucket <bucket>', 'S3 bucket for packages over 50 MB')
    .option('--x86-code <path>', 'build for x86_64: a folder, zip or s3://bucket/key')
    .option('--arm64-code <path>', 'build for arm64')
    .option('--x86-layers <arns>', 'layers for x86_64, in place of the function’s own')
    .option('--arm64-layers <arns>', 'layers for arm64')
    .option('--x86-image <uri>', 'image of the x86_64 build')
    .option('--arm64-image <uri>', 'image of the arm64 build')
    .option('--ignore-reserved-concurrency', 'go on although the target reserves a concurrency of 0')
    .option('--runtime <runtime>', 'for a path (default: inferred)')
    .option('--handler <handler>', 'for a path (default: inferred)')
    .option('--timeout <seconds>', 'for a path (default: 30)')
    .optionsGroup('Output:')
    .option('--json', 'print the saved run as JSON')
    .option('--report <format[=file]>', `${reportFormats}; repeatable`, collected)
    .option('--run-id <id>', 'name of this run in tags, names and reports (default: random)')
    .option('--config <file>', 'options from a file (default: tune.config.json, where it exists)')
    .option('-q, --quiet', 'the answer in one sentence, no progress')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .argument('[unknown]')
    .action(async (unknown: string | undefined, flags: Record<string, unknown>) => {
      if (unknown !== undefined) throw unknownCommand(unknown, program, io.cwd);
      const { runTune } = await starting(flags, io, () => import('../commands/tune/tune.ts'));
      setExit(await runTune(givenFlags(flags, program), io));
    });

  addCheckCommand(program, io, setExit);
  addBaselineCommand(program, io, setExit);
  addMigrateCommand(program, io, setExit);

  program
    .command('cleanup')
    .description('remove what a killed run left behind')
    .option('--run <id>', "that run's resources, whatever its lease")
    .option('--all', 'also those whose lease still runs: another job may be using them')
    .option('--dry-run', 'show what would be removed')
    .option('-y, --yes', 'do not ask')
    .option('--all-regions', 'in every region of the account, one after another')
    .option('--older-than <age>', 'only what was made at least so long ago: 30m, 12h, 7d')
    .option('--region <region>', 'repeatable', collected)
    .option('--profile <profile>')
    .option('--endpoint-url <url>')
    .action(async (flags: Record<string, unknown>) => {
      const { runCleanup } = await starting(flags, io, () => import('../commands/cleanup/cleanup.ts'));
      setExit(await runCleanup(flags, io));
    });

  program
    .command('policy')
    .description('print the IAM policy that a run needs')
    .option('-f, --function <function>', 'for this one, with what it uses (reads it)')
    .option('--staging-bucket <bucket>', 'packages over 50 MB go through it')
    .option('--x86-code <s3-url>', 'a build in S3 that is to be read')
    .option('--arm64-code <s3-url>')
    .option('--x86-layers <arns>', 'layers that a run is to use')
    .option('--arm64-layers <arns>')
    .option('--x86-image <uri>', 'image that a run is to use: its repository')
    .option('--arm64-image <uri>')
    .option('--repository-policy', "lets Lambda enter itself into the repositories' policies (ecr:SetRepositoryPolicy)")
    .option('--format <format>', 'json (default), terraform or cloudformation')
    .option('--region <region>')
    .option('--profile <profile>')
    .option('--endpoint-url <url>')
    .action(async (flags: Record<string, unknown>) => {
      const { runPolicy } = await starting(flags, io, () => import('../commands/policy/policy.ts'));
      setExit(await runPolicy(flags, io));
    });

  program
    .command('doctor')
    .description('look whether a run could start here: reads only')
    .option('-f, --function <function>', 'look at this one, too')
    .option('--region <region>')
    .option('--profile <profile>')
    .option('--endpoint-url <url>')
    .option('--json', 'as JSON')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .action(async (flags: Record<string, unknown>) => {
      const { runDoctor } = await starting(flags, io, () => import('../commands/doctor/doctor.ts'));
      setExit(await runDoctor(flags, io));
    });

  program
    .command('report')
    .description('render a saved run again, in any format')
    .argument('<run.json>', 'what --json or --report json= wrote; - for standard input')
    .option('--report <format[=file]>', `${reportFormats}; repeatable (default: table)`, collected)
    .option('--json', 'print the saved run as JSON')
    .option('-q, --quiet', 'the answer in one sentence')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .action(async (file: string, flags: Record<string, unknown>) => {
      const { runReport } = await import('../commands/report/report.ts');
      setExit(await runReport(file, flags, io));
    });

  program
    .command('local')
    .description('keep the embedded Lambda endpoint running')
    .option('--port <port>', 'port on 127.0.0.1 (default: a free one)')
    .option('--region <region>', 'region the endpoint says it is in (default: us-east-1)')
    .action(async (flags: Record<string, unknown>) => {
      const { runLocal } = await import('../commands/local/local.ts');
      setExit(await runLocal(flags, io));
    });
  program
    .command('completion')
    .description('print a completion script for bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { runCompletion } = await import('../commands/completion/completion.ts');
      setExit(runCompletion(shell, program, io));
    });
  addDebug(program);
  addHelp(program);
  return program;
}
