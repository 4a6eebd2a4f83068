import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Lab, settled, startLab, zipOf } from '../lab.ts';

let lab: Lab;
let seen: (string | undefined)[] = [];
beforeEach(async () => {
  seen = [];
  lab = await startLab({
    testing: settled,
    script: ({ spec }) => {
      seen.push(spec.optFolder);
      return { durationMs: 1 };
    },
  });
});
afterEach(() => lab.close());

async function layer(LayerName: string, content: Buffer | Readonly<Record<string, string>>): Promise<string> {
  const ZipFile = Buffer.isBuffer(content) ? content : await zipOf(content);
  const { LayerVersionArn = '' } = await lab.lambda.send(
    new PublishLayerVersionCommand({ LayerName, Content: { ZipFile } }),
  );
  return LayerVersionArn;
}

it('lays the layers of a function over each other, the later over the earlier', async () => {
  const lower = await layer('lower', { 'a/file': 'lower', 'a/kept': 'kept', 'b/inner': 'lower', c: 'lower' });
  const upper = await layer('upper', { 'a/file': 'upper', b: 'a file now', 'c/inner': 'a folder now' });
  await lab.create({ Layers: [lower, upper] });
  await lab.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
  const opt = seen[0] ?? '';
  expect(readdirSync(opt).sort()).toEqual(['a', 'b', 'c']);
  const text = (name: string) => readFileSync(join(opt, name), 'utf8');
  expect([text('a/file'), text('a/kept'), text('b'), text('c/inner')]).toEqual([
    'upper',
    'kept',
    'a file now',
    'a folder now',
  ]);
});

it('leaves the layers themselves as they are, and gives another order another folder', async () => {
  const one = await layer('one', { file: 'one' });
  const two = await layer('two', { file: 'two' });
  for (const Layers of [[one, two], [two, one], [one]]) {
    await lab.create({ FunctionName: `f${seen.length}`, Layers });
    await lab.lambda.send(new InvokeCommand({ FunctionName: `f${seen.length}` }));
  }
  expect(seen.map((opt) => readFileSync(join(opt ?? '', 'file'), 'utf8'))).toEqual(['two', 'one', 'one']);
});

it('gives a function without layers none', async () => {
  await lab.create();
  await lab.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
  expect(seen).toEqual([undefined]);
});

it('refuses more than five, one twice, and what does not exist', async () => {
  const arns = [];
  for (let number = 0; number < 6; number += 1) arns.push(await layer(`l${number}`, { file: String(number) }));
  const [first = ''] = arns;
  const refused = { name: 'InvalidParameterValueException' };
  await expect(lab.create({ Layers: arns })).rejects.toMatchObject({ name: /Invalid|Validation/ });
  const newer = await layer('l0', { file: 'newer' });
  await expect(lab.create({ Layers: [first, newer] })).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('Two different versions of the same layer'),
  });
  await expect(lab.create({ Layers: [`${first}9`] })).rejects.toMatchObject(refused);
});
