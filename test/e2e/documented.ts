import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { commandsOf, pages } from '../documentation/pages.ts';
import { zipOf } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, root, runTune } from './support.ts';

/** Every command of README.md and docs/, run in a folder and an account that have what it names. */

/** What is not run here, and why. */
const leftOut: readonly (readonly [begins: string, because: string])[] = [
  ['local', 'does not end; test/e2e/local.test.ts'],
  ['--function hello --endpoint-url', 'needs the one above; test/e2e/local.test.ts'],
  ['--resume run', 'needs a run that was cut short; test/e2e/resume.test.ts'],
  ['--max-spend-usd 1', "arguments of the action's step; test/e2e/actionPropose.test.ts"],
  ['migrate --json', 'the name of a document, not a whole command; test/e2e/migrate.test.ts'],
  ['fleet rank', 'needs a fleet; test/e2e/fleet.test.ts'],
  ['fleet run', 'needs a fleet; test/e2e/fleet.test.ts'],
  ['fleet merge', 'needs a fleet; test/e2e/fleet.test.ts'],
  ['fleet emit engine', 'the heading of its options; its files are emitted here, and in test/e2e/fleetEngines.test.ts'],
  ['fleet apply', 'needs a portfolio; test/e2e/fleetEngines.test.ts'],
  ['fleet verify', 'needs a portfolio; test/e2e/fleetEngines.test.ts'],
  ['check --shard', 'a part of the functions of a file; test/e2e/fleet.test.ts'],
  ['--function ./fn --stream', 'needs a function that streams; test/e2e/streaming.test.ts'],
  ['report orders.json', 'needs an observation; test/commands/observe.slow.test.ts'],
  ['--function orders --vary layer:', 'needs a layer; test/plan/variants.test.ts'],
  ['--function orders --vary code=', 'needs a bucket with a build; test/aws/shadow/variants.test.ts'],
  ['--function orders --memory 512,1024 --before make-order', 'needs two functions; test/e2e/inputs.test.ts'],
];

const lines = pages
  .flatMap(commandsOf)
  .filter(({ args }) => !args.includes('--help'))
  .map(({ place, args }) => ({ place, args, line: args.join(' ') }))
  .filter(({ line }, index, all) => line !== '' && all.findIndex((one) => one.line === line) === index)
  .filter(({ line }) => !leftOut.some(([begins]) => line.startsWith(begins)));

/** The function that is measured, and the one that it is compared with, are paths or in templates. */
const isHere = (args: readonly string[]) =>
  args.some(
    (argument, index) =>
      ['--function', '-f', '--against'].includes(args[index - 1] ?? '') && /^\.{1,2}\/|#/.test(argument),
  );
const inConfig = (args: readonly string[]) =>
  ['check', 'baseline'].includes(args[0] ?? '') && !args.includes('--function');

/** Any answer is right; that the command could not be carried out is not. */
const answers: Readonly<Record<string, readonly number[]>> = {
  check: [0, 1, 4],
  migrate: [0, 1, 4],
  // That no definition is found is an answer, too.
  apply: [0, 1, 2],
};

const steady: Script = ({ spec, environment, invocation }) => ({
  durationMs:
    ((100 * 1024) / Math.min(1769, spec.memoryMb)) * (1 + 0.04 * Math.sin(7.3 * environment + 3.1 * invocation)),
  maxMemoryUsedMb: 70,
  payload: { ok: true },
});

/** @param isPlayed which of the commands, by whether they measure here or in an account: those take long in different ways */
export function playsDocumented(name: string, isPlayed: (isHere: boolean) => boolean): void {
  const played = lines.filter(({ args }) => isPlayed(isHere(args)));
  describe(name, () => {
    let account: Account;
    let whole: string;
    let folder: string;
    let ofConfig: string;
    let before: unknown;
    beforeAll(async () => {
      account = await openAccount({ executor: scriptedExecutor(steady, { waiting: 'none' }) });
      await createOrders(account);
      before = accountPicture(account.endpoint.snapshot());
      whole = await mkdtemp(join(tmpdir(), 'documented-'));
      folder = join(whole, 'work');
      ofConfig = join(folder, 'of-config');
      const sample = join(root, 'fixtures/functions/cpu-node');
      for (const place of ['fixtures/functions/cpu-node', 'folder', 'build', 'main-build']) {
        await cp(sample, join(folder, place), { recursive: true });
      }
      await mkdir(join(folder, 'docs'));
      await cp(join(root, 'docs/sample.json'), join(folder, 'docs/sample.json'));
      await cp(join(root, 'docs/sample.json'), join(folder, 'run.json'));
      await writeFile(join(folder, 'event.json'), '{"id": 1}');
      await writeFile(
        join(folder, 'events.json'),
        '[{"payload": {}, "weight": 1, "name": "a"}, {"payload": {"id": 1}, "weight": 2, "name": "b"}]',
      );
      await writeFile(
        join(folder, 'dist-arm64.zip'),
        await zipOf({ 'index.mjs': 'export const handler = () => ({ ok: true });' }),
      );
      await writeFile(join(folder, 'arrivals.csv'), 'minute,count\n0,5\n1,9\n2,4\n');
      await writeFile(
        join(folder, 'variants.json'),
        '{"variants": [{"name": "lean", "environment": {"MODE": "lean"}}]}',
      );
      await writeFile(join(folder, 'make-order.sh'), '#!/bin/sh\ncat\n', { mode: 0o755 });
      await writeFile(join(folder, 'package.json'), '{"scripts": {"seed": "true", "unseed": "true"}}');
      await writeTemplates(folder, join(whole, 'main'));
      await mkdir(ofConfig);
      const functions = [{ function: 'orders', against: 'orders:live' }];
      await writeFile(join(ofConfig, 'tune.config.json'), JSON.stringify({ functions }));
    });
    afterAll(async () => {
      await account.close();
      await rm(whole, { recursive: true, force: true });
    });

    it('is among those that are run, or left out for a reason', () => {
      expect(played.length).toBeGreaterThan(10);
    });

    it.each(played)('$place: tune $line', async ({ args }) => {
      const [command = ''] = args;
      const { AWS_ENDPOINT_URL: _, ...withoutAccount } = account.env;
      const given = [...args, ...lessWork(args), ...consent(args)];
      const cwd = inConfig(args) ? ofConfig : folder;
      // What runs here has processes of its own, and takes real time. The rest shares one: starting a hundred is most of the time.
      const { code, stderr } = isHere(args)
        ? await runTune(given, withoutAccount, cwd)
        : await runTuneQuickly(given, account.env, { cwd, speed: 20 });
      expect(answers[command] ?? [0], stderr).toContain(code);
    });

    it('leaves the account as it was', () => {
      expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    });
  });
}

/** One function in each kind of template, and the same one as it is on the main branch. */
async function writeTemplates(folder: string, main: string): Promise<void> {
  const properties = {
    CodeUri: './folder',
    Handler: 'index.handler',
    Runtime: 'nodejs20.x',
    MemorySize: 1024,
    Timeout: 10,
  };
  const sam = JSON.stringify({
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      OrdersFunction: { Type: 'AWS::Serverless::Function', Properties: properties },
    },
  });
  await writeFile(join(folder, 'template.yaml'), sam);
  await cp(join(folder, 'folder'), join(main, 'folder'), { recursive: true });
  await writeFile(join(main, 'template.yaml'), sam);
  await writeFile(
    join(folder, 'serverless.yml'),
    'service: shop\nprovider: { name: aws, runtime: nodejs20.x, stage: dev }\nfunctions:\n  orders: { handler: folder/index.handler }\n',
  );
  await mkdir(join(folder, 'cdk.out'));
  await cp(join(folder, 'folder'), join(folder, 'cdk.out/asset.orders'), { recursive: true });
  const { Handler, Runtime } = properties;
  const asset = {
    'aws:cdk:path': 'Shop/OrdersFn/Resource',
    'aws:asset:path': 'asset.orders',
    'aws:asset:property': 'Code',
  };
  const Code = { S3Bucket: 'assets', S3Key: 'orders.zip' };
  const fn = { Type: 'AWS::Lambda::Function', Properties: { Handler, Runtime, Code }, Metadata: asset };
  await writeFile(join(folder, 'cdk.out/Shop.template.json'), JSON.stringify({ Resources: { OrdersFn0A1B: fn } }));
}

/** What runs here takes real time: as little of it as shows that the command goes through. */
function lessWork(args: readonly string[]): readonly string[] {
  if (!isHere(args) || args.includes('--preflight-only')) return [];
  const calls = args[0] === 'check' ? ['--max-invocations', '12'] : ['--invocations', '2'];
  return ['--payload', '{"iterations":500}', ...calls];
}

function consent(args: readonly string[]): readonly string[] {
  const [command = ''] = args;
  const asks = ['check', 'baseline', 'migrate', 'cleanup'].includes(command) || command === '--function';
  return asks ? ['--yes'] : [];
}
