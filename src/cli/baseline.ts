import type { Command } from 'commander';
import type { ExitCode } from '../base/errors.ts';
import type { Io } from '../base/io.ts';
import { collected, givenFlags } from './flags.ts';
import { starting } from './starting.ts';

/** Names and flags of `tune baseline`. */
export function addBaselineCommand(program: Command, io: Io, setExit: (code: ExitCode) => void): void {
  program
    .command('baseline')
    .description('a run that check --baseline can decide with')
    .optionsGroup('What to measure:')
    .option('-f, --function <function>', 'name, ARN, name:qualifier, ./directory or ./package.zip')
    .option('-m, --memory <mb>', 'one size (default: its own; 1024 for a path)')
    .option('--architecture <architecture>', 'one (default: its own)')
    .option('-n, --invocations <n>', 'warm calls at least (default: what a check needs)')
    .option('--concurrency <n>', 'environments at least (default: what a check needs)')
    .option('--payload <json|file|->', 'what every invocation is sent (default: {})')
    .option('--payloads <file>', 'weighted list: [{"payload": …, "weight": 2, "name": "big"}]')
    .option('--payload-template', 'replace {{uuid}} and {{n}} in every payload')
    .option('--allow-error <type>', 'function errors of this type count as answers (repeatable)', collected)
    .optionsGroup('Limits of the checks that are to decide with it:')
    .option('--max-cost-increase <share>', 'of typical and of mean cost (default: 5%)')
    .option('--max-duration-increase <share>')
    .option('--max-p95-increase <share>')
    .option('--max-init-increase <share>')
    .option('--max-invocations <n>', 'warm samples of a check at most (default: 100)')
    .optionsGroup('Money, place and output:')
    .option('--dry-run', 'show plan and estimate; make no writing call')
    .option('--max-spend-usd <usd>', "stop before Lambda's charges can exceed it, all functions together")
    .option('--max-in-flight <n>', 'invocations at once')
    .option('--price <list>', 'US$ for a region without known prices: x86_64=…,arm64=…,request=…')
    .option('-y, --yes', 'do not ask before creating and invoking')
    .option('--region <region>')
    .option('--profile <profile>')
    .option('--endpoint-url <url>')
    .option('--env <NAME=value>', "lay a variable over the copies' environment (repeatable)", collected)
    .option('--tag <key=value>', 'a further tag for the copies (repeatable)', collected)
    .option('--no-copy-tags', "leave out the target's own tags")
    .option('--staging-bucket <bucket>', 'S3 bucket for packages over 50 MB')
    .option('--runtime <runtime>', 'for a path')
    .option('--handler <handler>', 'for a path')
    .option('--timeout <seconds>', 'for a path (default: 30)')
    .option('--json', 'print the saved run')
    .option('--report <format[=file]>', 'json=base.json is the baseline; any format of a run; repeatable', collected)
    .option('--run-id <id>', 'at most 19 characters; tune cleanup --run takes it')
    .option('--config <file>', 'options and "functions" from a file (default: tune.config.json)')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .action(async (flags: Record<string, unknown>, command: Command) => {
      const { runBaseline } = await starting(flags, io, () => import('../commands/check/baseline.ts'));
      setExit(await runBaseline(givenFlags(flags, command), io));
    })
    .addHelpText('after', fleet);
}

const fleet = `
Without --function: a new baseline for each of "functions" in tune.config.json,
written to the file that its "baseline" names.`;
