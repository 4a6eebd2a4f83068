import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { type MigrationResult, migrationResultSchema } from '../../src/model/migration.ts';
import { zipOf } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, canary, createOrders, type Finished, openAccount } from './support.ts';

/** As long on either architecture, with some scatter; smaller sizes take longer up to 1,024 MB. */
const even: Script = ({ spec, environment, invocation }) => {
  const scatter = 1 + 0.02 * Math.sin(7.3 * environment + 3.1 * invocation);
  const { memoryMb } = spec;
  return {
    durationMs: ((100 * 1024) / Math.min(1024, memoryMb)) * scatter,
    maxMemoryUsedMb: 70,
    payload: { ok: true },
  };
};

describe('tune migrate', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrate-'));
  });
  afterEach(async () => {
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    script: Script,
    armFactor: number,
    members: Parameters<typeof createOrders>[1] = {},
  ): Promise<void> {
    account = await openAccount({ executor: scriptedExecutor(script, { waiting: 'none' }) });
    await createOrders(account, members);
    account.under({ otherArchitectures: { arm64: { durationFactor: armFactor } } });
    before = accountPicture(account.endpoint.snapshot());
  }

  const migrate = (...flags: readonly string[]) =>
    runTuneQuickly(['migrate', '--function', 'orders:live', '--yes', '--json', ...flags], account.env, { cwd: folder });
  const documentOf = ({ stdout }: Finished): MigrationResult => migrationResultSchema.parse(JSON.parse(stdout));
  const written = () =>
    account.endpoint.calls().filter(({ operation }) => /^(Create|Update|Delete|Publish|Put|Invoke)/.test(operation));

  it('measures both architectures side by side and says what the move brings, split in price and duration', async () => {
    await open(even, 1);
    const finished = await migrate('--requests-per-month', '3M', '--require', 'both');
    expect(finished.code).toBe(0);
    const { verdict, preflight, comparison, required, smoke, steps, run } = documentOf(finished);
    expect(verdict).toMatchObject({ kind: 'move', configuration: { memoryMb: 512, architecture: 'arm64' } });
    expect(preflight.verdict).toBe('compatible');
    expect(smoke?.map(({ response }) => response)).toEqual([{ kind: 'equal' }]);
    expect(comparison?.memoryMb).toEqual({ x86_64: 512, arm64: 512 });
    expect(comparison?.costRatio.estimate).toBeCloseTo(0.8, 1);
    expect(comparison?.causes.price).toBeCloseTo(0.8, 1);
    expect(comparison?.causes.duration.estimate).toBeCloseTo(1, 1);
    expect(comparison?.p95Ratio?.high).toBeGreaterThan(0.9);
    expect(comparison?.savings?.usd).toBeGreaterThan(0);
    expect(required).toMatchObject({ decided: 'holds', cheaper: 'holds', notSlower: 'holds' });
    expect(new Set(run?.configurations.map(({ warm }) => warm?.environments))).toEqual(new Set([8]));
    expect(new Set(steps.map(({ tool }) => tool))).toEqual(new Set(['AWS CLI']));
    expect(finished.stdout + finished.stderr).not.toContain(canary);
  });

  it('exits 1 where what is required does not hold', async () => {
    await open(even, 1.6);
    const finished = await migrate('--require', 'cheaper');
    const { verdict, required, steps } = documentOf(finished);
    expect([finished.code, required?.decided, verdict.because, steps]).toEqual([1, 'fails', 'dearer', []]);
  });

  it('answers the question the other way round for a function that is arm64 already', async () => {
    account = await openAccount({ executor: scriptedExecutor(even, { waiting: 'none' }) });
    await createOrders(account, { Architectures: ['arm64'] });
    account.under({ otherArchitectures: { arm64: { durationFactor: 1 } } });
    before = accountPicture(account.endpoint.snapshot());
    const finished = await migrate('--report', 'table=m.txt', '--report', 'json=m.json');
    expect(finished.code).toBe(0);
    // Always arm64 ÷ x86_64.
    expect(documentOf(finished).comparison?.costRatio.estimate).toBeCloseTo(0.8, 1);
    const text = (await readFile(join(folder, 'm.txt'), 'utf8')).replace(/\s+/g, ' ');
    expect(text).toMatch(
      /^Stay on arm64 with orders:live: it would cost more\. On x86_64 at 512 MB it costs 2\d % more \([12]\d to 2\d\)/,
    );
    const again = await runTuneQuickly(['report', 'm.json', '--report', 'table'], account.env, { cwd: folder });
    expect([again.code, again.stdout.replace(/[\s─]+/g, ' ')]).toEqual([0, text.replace(/[\s─]+/g, ' ')]);
  });

  it('compares the answers: a different one is a finding, an ignored difference is none', async () => {
    await open(
      ({ spec, ...rest }) => ({ ...even({ spec, ...rest }), payload: { arch: spec.architecture, at: 1 } }) as never,
      1,
    );
    const different = documentOf(await migrate('--invocations', '8'));
    expect(different.smoke?.[0]?.response).toMatchObject({ kind: 'different', differences: [{ pointer: '/arch' }] });
    const ignored = documentOf(await migrate('--invocations', '8', '--ignore', '/arch'));
    expect(ignored.smoke?.[0]?.response).toEqual({ kind: 'equalIgnoring', ignored: ['/arch'] });
  });

  it.each([
    ['cannot load the code', 'invalid ELF header', 'Runtime.ImportModuleError'],
    ['cannot execute it', 'fork/exec /var/task/bootstrap: exec format error', 'Runtime.InvalidEntrypoint'],
  ])(
    'cannot move where the other side %s: 1 where anything is required, no steps',
    async (_what, errorMessage, errorType) => {
      await open(
        ({ spec, ...rest }) =>
          spec.architecture === 'arm64'
            ? { durationMs: 5, failure: { errorType, errorMessage, fatal: true } }
            : even({ spec, ...rest }),
        1,
      );
      const finished = await migrate('--invocations', '8', '--require', 'cheaper', '--report', 'table=m.txt');
      const { verdict, required, smoke, comparison, steps } = documentOf(finished);
      expect(finished.code).toBe(1);
      expect(verdict).toMatchObject({ kind: 'cannot', because: 'otherSideFails' });
      expect(verdict.reason).toContain(errorMessage);
      expect([comparison, required?.decided, steps]).toEqual([undefined, 'fails', []]);
      expect(smoke?.[0]?.errors.arm64?.errorType).toBe(errorType);
      expect(smoke?.[0]?.errors.x86_64).toBeUndefined();
      const text = await readFile(join(folder, 'm.txt'), 'utf8');
      expect(text).toMatch(/^Cannot move orders:live to arm64: it fails there/);
      expect(text).not.toMatch(/How to do it|It saves|speaks against/);
      expect((await migrate('--invocations', '8')).code).toBe(0);
    },
  );

  it('is not measured where the own side fails: 3, and 1 where anything is required', async () => {
    await open(() => ({ durationMs: 5, failure: { errorType: 'KeyError', errorMessage: "'TABLE'" } }), 1);
    const finished = await migrate('--invocations', '8');
    expect([finished.code, documentOf(finished).verdict]).toMatchObject([
      3,
      { kind: 'cannot', because: 'ownSideFails' },
    ]);
    expect((await migrate('--invocations', '8', '--require', 'both')).code).toBe(1);
  });

  it('is undecided, 4, where a p95 is required and the calls do not bound it; unasked it is 0', async () => {
    await open(even, 1);
    const finished = await migrate('--invocations', '24', '--require', 'both');
    expect([finished.code, documentOf(finished).verdict.because]).toEqual([4, 'speedNotTold']);
    expect((await migrate('--invocations', '4')).code).toBe(0);
  });

  it('does not measure a package that holds code for x86_64 alone: cannot, with the list; another build of it is measured', async () => {
    const zip = await zipOf({ 'index.mjs': 'export const handler = async () => 1;', 'native/addon.node': elf(62) });
    await open(even, 1, { Code: { ZipFile: zip } });
    const finished = await migrate('--require', 'cheaper');
    expect(finished.code).toBe(1);
    expect((await migrate()).code).toBe(0);
    const { verdict, preflight, run } = documentOf(finished);
    expect(verdict).toMatchObject({ kind: 'cannot', because: 'notReady' });
    expect(preflight.verdict).toBe('incompatible');
    expect(preflight.findings[0]).toMatchObject({
      path: 'native/addon.node',
      architecture: 'x86_64',
      kind: 'nodeAddon',
    });
    expect(run).toBeUndefined();
    expect(written()).toEqual([]);

    await writeFile(
      join(folder, 'arm.zip'),
      await zipOf({ 'index.mjs': 'export const handler = async () => 1;', 'native/addon.node': elf(183) }),
    );
    const other = await migrate('--arm64-code', './arm.zip', '--invocations', '8');
    expect(other.code).toBe(0);
    expect(documentOf(other).comparison).toBeDefined();
  });

  it('an image is for the architecture of its function: cannot without another build, and unknown where that cannot be read', async () => {
    account = await openAccount({ executor: scriptedExecutor(even, { waiting: 'none' }) });
    account.under({ images: true });
    const image = (tag: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:${tag}`;
    await createOrders(account, {
      PackageType: 'Image',
      Code: { ImageUri: image('x86') },
      Runtime: undefined,
      Handler: undefined,
    });
    account.under({ images: true, otherArchitectures: { arm64: { durationFactor: 1 } } });
    before = accountPicture(account.endpoint.snapshot());
    const finished = await migrate();
    expect(finished.code).toBe(0);
    const { verdict, preflight, run } = documentOf(finished);
    expect(verdict.kind).toBe('cannot');
    expect(preflight).toMatchObject({
      verdict: 'incompatible',
      findings: [{ where: 'image', kind: 'image', architecture: 'x86_64', blocking: true }],
    });
    expect(preflight.findings[0]?.cure).toContain('--platform linux/arm64');
    expect(run).toBeUndefined();
    expect(written()).toEqual([]);

    const other = await migrate('--arm64-image', image('arm'), '--invocations', '8');
    expect(other.code).toBe(0);
    // There is no registry behind this endpoint.
    expect(documentOf(other).preflight.verdict).toBe('unknown');
    expect(documentOf(other).comparison).toBeDefined();
  });

  it('prints the steps for what is kept ready for the alias', async () => {
    await open(even, 1);
    const FunctionArn = 'arn:aws:lambda:us-east-1:000000000000:function:orders:live';
    account.under({
      otherArchitectures: { arm64: { durationFactor: 1 } },
      rewrite: ({ operation }, answer) =>
        operation === 'ListProvisionedConcurrencyConfigs'
          ? { ProvisionedConcurrencyConfigs: [{ FunctionArn, RequestedProvisionedConcurrentExecutions: 7 }] }
          : answer,
    });
    const { steps } = documentOf(await migrate('--invocations', '24', '--steps', 'all'));
    const lines = steps.flatMap((step) => step.lines).join('\n');
    expect(lines).toContain('--provisioned-concurrent-executions 7');
    expect(lines).toContain('provisionedConcurrency: 7');
    expect(new Set(steps.map(({ tool }) => tool))).toEqual(
      new Set(['AWS CLI', 'SAM', 'Serverless Framework', 'CDK', 'Terraform']),
    );
  });

  it('prints the steps of the tool that deployed the function, and of the one that is named', async () => {
    await open(even, 1, { Tags: { 'lambda:createdBy': 'SAM' } });
    const toolsOf = async (...flags: readonly string[]) =>
      new Set(documentOf(await migrate('--invocations', '24', ...flags)).steps.map(({ tool }) => tool));
    expect(await toolsOf()).toEqual(new Set(['SAM']));
    expect(await toolsOf('--steps', 'terraform')).toEqual(new Set(['Terraform']));
    const wrong = await migrate('--steps', 'pulumi');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--steps must be cli, sam,')]);
  });

  it('judges one size with --memory auto: headline, savings, requirement and steps are of it, and nothing else is advised', async () => {
    // 2,048 MB halve the time on either side: as cheap, and faster.
    await open(
      ({ spec, environment, invocation }) => ({
        durationMs: ((100 * 1024) / Math.min(2048, spec.memoryMb)) * (1 + 0.02 * Math.sin(environment + invocation)),
        maxMemoryUsedMb: 70,
        payload: { ok: true },
      }),
      1,
      { MemorySize: 1024 },
    );
    const reports = ['table=m.txt', 'html=m.html', 'markdown=m.md'].flatMap((report) => ['--report', report]);
    const finished = await migrate(
      '--memory',
      'auto',
      '--invocations',
      '12',
      '--require',
      'cheaper',
      '--requests-per-month',
      '3M',
      ...reports,
    );
    expect(finished.code).toBe(0);
    const { verdict, comparison, steps, run } = documentOf(finished);
    const judgedMb = verdict.configuration?.memoryMb;
    expect(verdict.kind).toBe('move');
    expect(comparison?.memoryMb).toEqual({ x86_64: 1024, arm64: judgedMb });
    expect(comparison?.savings?.usd).toBeGreaterThan(0);
    const lines = steps.flatMap((step) => step.lines).join('\n');
    expect([...lines.matchAll(/--memory-size (\d+)/g)].map(([, size]) => Number(size))).toEqual(
      judgedMb === 1024 ? [] : [judgedMb],
    );
    expect([run?.cheapest, run?.fastest, run?.balanced, run?.search]).toEqual([null, null, null, undefined]);
    const size = String(judgedMb).replace(/(?=\d{3}$)/, judgedMb !== undefined && judgedMb >= 1000 ? ',' : '');
    for (const file of ['m.txt', 'm.html', 'm.md']) {
      const text = await readFile(join(folder, file), 'utf8');
      expect(text.replace(/\\|&#8203;/g, '')).toContain(`Move orders:live to arm64 at ${size} MB`);
      expect(text).not.toMatch(/Use \d|Cheapest is|To apply it|recommended</);
    }
  });

  it('with --preflight-only and in a dry run creates nothing', async () => {
    await open(even, 1);
    expect((await migrate('--preflight-only')).code).toBe(0);
    expect((await migrate('--dry-run')).code).toBe(0);
    const required = await migrate('--preflight-only', '--require', 'cheaper');
    expect([required.code, documentOf(required).verdict]).toMatchObject([4, { kind: 'undecided' }]);
    expect((await migrate('--dry-run', '--require', 'cheaper')).code).toBe(4);
    expect(documentOf(required).steps).toEqual([]);
    expect(written()).toEqual([]);
  });

  it('only projects for a folder on this machine', async () => {
    await open(even, 1);
    const flags = ['--function', join(process.cwd(), 'fixtures/functions/empty-node'), '--invocations', '3', '--json'];
    const finished = await runTuneQuickly(['migrate', ...flags], account.env, { cwd: folder });
    expect(finished.code).toBe(0);
    const { projection, comparison, verdict, steps } = documentOf(finished);
    expect([verdict.kind, verdict.because, steps]).toEqual(['undecided', 'projected', []]);
    expect(comparison).toBeUndefined();
    expect(projection?.breakEvenSlowdown).toBeGreaterThan(1);
  });
});

/** The head of a shared library for a machine (62: x86-64, 183: AArch64), as text that survives being zipped. */
function elf(machine: number): string {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.set([2, 1, 1], 4);
  head.writeUInt16LE(3, 16);
  head.writeUInt16LE(machine, 18);
  head.writeUInt32LE(1, 20);
  return head.toString('latin1');
}
