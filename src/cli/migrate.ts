import type { Command } from 'commander';
import type { ExitCode } from '../base/errors.ts';
import type { Io } from '../base/io.ts';
import { collected, givenFlags } from './flags.ts';
import { starting } from './starting.ts';

const formats = 'table, html, svg, markdown, json, csv, csv-summary, junit, github, gitlab, url';

/** Names and flags of `tune migrate`. */
export function addMigrateCommand(program: Command, io: Io, setExit: (code: ExitCode) => void): void {
  program
    .command('migrate')
    .description('is this function ready for Graviton, and what does it bring?')
    .optionsGroup('What to compare:')
    .option('-f, --function <function>', 'name, ARN, name:qualifier, ./directory or ./package.zip')
    .option('-m, --memory <sizes>', 'current (default), a list, or auto: one size of them is judged')
    .option('--preflight-only', 'look through the package and layers; create nothing')
    .option('--arm64-code <path>', 'build for arm64: a folder, zip or s3://bucket/key')
    .option('--arm64-layers <arns>', 'layers for arm64, in place of the function’s own')
    .option('--arm64-image <uri>', 'image of the arm64 build')
    .option('--x86-code <path>', 'the same, when the function is arm64 already')
    .option('--x86-layers <arns>')
    .option('--x86-image <uri>')
    .option('-n, --invocations <n>', 'warm invocations per configuration (default: 80)')
    .option('--concurrency <n>', 'environments per configuration (default and least: 4)')
    .option('--payload <json|file|->', 'what every invocation is sent (default: {})')
    .option('--payloads <file>', 'weighted list: [{"payload": …, "weight": 2, "name": "big"}]')
    .option('--payload-template', 'replace {{uuid}} and {{n}} in every payload')
    .option('--ignore <pointer>', 'JSON pointer to what may differ in answers (repeatable)', collected)
    .option('--allow-error <type>', 'function errors of this type count as answers (repeatable)', collected)
    .optionsGroup('What to say:')
    .option('--require <what>', 'cheaper, not-slower or both: exit code 1 for stay and cannot, 4 undecided')
    .option('--max-slowdown <share>', 'p95 may be so much higher and still not be slower (default: 5%)')
    .option('--steps <tool>', 'cli, sam, serverless, cdk, terraform or all (default: by its tags, else cli)')
    .option('--requests-per-month <n>', 'such as 3M: names the savings per month')
    .optionsGroup('Money, place and output:')
    .option('--dry-run', 'preflight, plan and estimate; make no writing call')
    .option('--max-spend-usd <usd>', "stop before Lambda's charges can exceed it")
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
    .option('--json', 'print the document of the migration')
    .option('--report <format[=file]>', `${formats}; repeatable`, collected)
    .option('--run-id <id>', 'at most 19 characters with --memory auto')
    .option('--config <file>', 'options from a file (default: tune.config.json)')
    .option('-q, --quiet', 'the answer in one sentence, no progress')
    .option('--no-color', 'no colour (NO_COLOR is honoured, too)')
    .action(async (flags: Record<string, unknown>, command: Command) => {
      const { runMigrate } = await starting(flags, io, () => import('../commands/migrate/migrate.ts'));
      setExit(await runMigrate(givenFlags(flags, command), io));
    });
}
