import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Copy, DockerfileParser, JSONInstruction } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, accountPicture, openAccount, root, startTune } from './support.ts';

/** What can be said of the Dockerfile where no image can be built: what it says, and what its command does with a signal. */
describe('the image', () => {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const instructions = DockerfileParser.parse(text).getInstructions();
  const stages = instructions.filter((one) => one.getKeyword() === 'FROM').map((one) => instructions.indexOf(one));
  /** Of the stage that is published. */
  const last = instructions.slice(stages.at(-1));
  const only = (keyword: string) => last.filter((one) => one.getKeyword() === keyword);
  const wordsOf = (keyword: string) =>
    only(keyword).flatMap((one) =>
      one instanceof JSONInstruction ? one.getJSONStrings().map((each) => each.getJSONValue()) : [],
    );
  let account: Account;
  let folder: string;

  beforeAll(async () => {
    account = await openAccount();
    account.under({ latencyMs: ({ operation }) => (operation === 'Invoke' ? 200 : 0) });
    await account.create({ FunctionName: 'orders', MemorySize: 512 });
    folder = await mkdtemp(join(tmpdir(), 'tune-image-'));
    await writeFile(join(folder, 'payload.json'), '{}');
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('starts tune itself, in exec form, as a user without rights', () => {
    expect([wordsOf('ENTRYPOINT'), wordsOf('CMD')]).toEqual([['node', '/app/bin/tune.js'], ['--help']]);
    expect(only('USER').map((one) => one.getArgumentsContent())).toEqual(['node']);
    // The last word on who it is comes before the command, and nothing is made after it.
    const order = last.map((one) => one.getKeyword());
    expect(order.indexOf('USER')).toBeGreaterThan(order.lastIndexOf('COPY'));
    expect(order).not.toContain('RUN');
  });

  it('takes all that is published but the documentation, from the stage that built it', () => {
    const copies = only('COPY').filter((one): one is Copy => one instanceof Copy);
    expect(copies.map((one) => one.getFromFlag()?.getValue())).toEqual(copies.map(() => 'build'));
    const taken = copies.flatMap((one) =>
      one
        .getArguments()
        .slice(0, -1)
        .map((argument) => argument.getValue().replace('/app/', '')),
    );
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: readonly string[] };
    const published = files.filter((path) => !/^(docs|README|CHANGELOG)/.test(path));
    const missing = published.filter((path) => !taken.some((one) => path === one || path.startsWith(`${one}/`)));
    expect([missing, taken.includes('node_modules'), taken.includes('package.json')]).toEqual([[], true, true]);
  });

  it('hears a signal: its command ends by it, with all copies removed', async () => {
    const before = accountPicture(account.endpoint.snapshot());
    const args = [
      '--function',
      'orders',
      '--payload',
      'payload.json',
      '--memory',
      '512,1024',
      '--architecture',
      'x86_64',
    ];
    // No shell stands between: the process that is started is the one that is signalled, as with docker stop.
    const run = startTune([...args, '-n', '100', '--max-spend-usd', '1'], account.env, folder);
    const isCalled = () => account.endpoint.calls().some(({ operation }) => operation === 'Invoke');
    let isEnded = false;
    const finished = run.finished.finally(() => {
      isEnded = true;
    });
    while (!isCalled() && !isEnded) await new Promise((resolve) => setTimeout(resolve, 10));
    run.kill('SIGTERM');
    const { code, signal, stderr } = await finished;
    expect([code, signal], stderr).toEqual([143, null]);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });
});
