import type { Command } from 'commander';
import type { ExitCode } from '../base/errors.ts';
import type { Io } from '../base/io.ts';
import { collected, givenFlags } from './flags.ts';
import { starting } from './starting.ts';

const formats = 'table, html, markdown, json, csv, junit, github, gitlab';

/** Names and flags of `tune check`. */
export function addCheckCommand(program: Command, io: Io, setExit: (code: ExitCode) => void): void {
  program
    .command('check')
    .description('did a change make it dearer? the gate for CI')
    .optionsGroup('What to compare:')
    .option('-f, --function <function>', 'name, ARN, name:qualifier, ./directory or ./package.zip')
    .option('--against <function>', 'a second function or version, measured side by side: decides best')
    .option('--baseline <run.json>', 'a saved run (repeatable): cheap, but coarser, since hours differ', collected)
    .option('-m, --memory <mb>', 'one size (default: what each side has)')
    .option('--architecture <architecture>', 'one (default: what each side has)')
    .option('--payload <json|file|->', 'what every invocation is sent (default: {})')
    .option('--payloads <file>', 'weighted list: [{"payload": …, "weight": 2, "name": "big"}]')
    .option('--payload-template', 'replace {{uuid}} and {{n}} in every payload')
    .option('--allow-error <type>', 'function errors of this type count as answers (repeatable)', collected)
    .optionsGroup('Limits (shares such as 5%; what is not given is shown, not judged):')
    .option('--max-cost-increase <share>', 'of typical and of mean cost (default: 5%)')
    .option('--warn-cost-increase <share>', 'said, not failed, from here on')
    .option('--max-duration-increase <share>')
    .option('--warn-duration-increase <share>')
    .option('--max-p95-increase <share>')
    .option('--warn-p95-increase <share>')
    .option('--max-init-increase <share>')
    .option('--warn-init-increase <share>')
    .option('--max-error-increase <share>', 'more failed calls (default: 5%)')
    .option('--max-cost-usd-per-million <usd>', 'budget of mean cost')
    .option('--max-p95-ms <ms>', 'budget')
    .option('--max-init-ms <ms>', 'budget')
    .option('--min-memory-headroom <share>', 'of the memory size, that must stay free')
    .option('--cold-share <share>', 'cost is a mixture with this share of cold starts (default: warm cost)')
    .option('--strict', 'mean cost, too, must be within its limit for a pass')
    .optionsGroup('Verdict and baseline:')
    .option('--max-invocations <n>', 'warm samples a side at most (default: 100)')
    .option('--on-inconclusive <fail|pass>', 'exit code 1 or 0 instead of 4')
    .option('--no-fail', 'report only: the verdict changes no exit code')
    .option('--allow-missing-baseline', 'the first run: budgets alone are judged')
    .option('--update-baseline', 'after a pass write the new run over the baseline')
    .option('--accept-regression <reason>', 'update it all the same; the reason is kept in it')
    .option('--allow-different <list>', 'of payloads, memory, architecture, runtime, region')
    .optionsGroup('Money, place and output:')
    .option('--dry-run', 'show plan and estimate; make no writing call')
    .option('--max-spend-usd <usd>', "stop before Lambda's charges can exceed it, all functions together")
    .option('--max-in-flight <n>', 'invocations at once')
    .option('--price <list>', 'US$ for a region without known prices: x86_64=…,arm64=…,request=…')
    .option('-y, --yes', 'do not ask before creating and invoking')
    .option('--region <region>')
    .option('--profile <profile>')
    .option('--endpoint-url <url>')
    .option('--env <NAME=value>', 'lay a variable over the environment of the copies (repeatable)', collected)
    .option('--tag <key=value>', 'a further tag for the copies (repeatable)', collected)
    .option('--no-copy-tags', "leave out the target's own tags")
    .option('--staging-bucket <bucket>', 'S3 bucket for packages over 50 MB')
    .option('--runtime <runtime>', 'for a path')
    .option('--handler <handler>', 'for a path')
    .option('--timeout <seconds>', 'for a path (default: 30)')
    .option('--json', 'print the document of the check')
    .option('--report <format[=file]>', `${formats}; repeatable`, collected)
    .option('--run-id <id>', 'at most 19 characters; tune cleanup --run takes it')
    .option('--config <file>', 'options and "functions" from a file (default: tune.config.json)')
    .option('-q, --quiet', 'the answer in one line, no progress')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .action(async (flags: Record<string, unknown>, command: Command) => {
      const { runCheckCommand } = await starting(flags, io, () => import('../commands/check/check.ts'));
      setExit(await runCheckCommand(givenFlags(flags, command), io));
    })
    .addHelpText('after', verdicts);
}

const verdicts = `
Prefer --against: both sides are measured in the same minutes on the same
payloads, so hours and hosts cancel. A baseline file is cheap, but its verdict
carries what two runs differ by anyway, and says so.
Verdicts: passed (exit 0) · regressed (1) · inconclusive (4, see
--on-inconclusive) · not measured (2, 3)`;
