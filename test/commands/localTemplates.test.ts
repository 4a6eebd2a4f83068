import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAll } from '../../src/commands/local/deployments.ts';
import { fakeIo } from '../support/fakeIo.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-templates-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(template: object) {
  await writeFile(join(folder, 'template.json'), JSON.stringify(template));
  const { io, stderr } = fakeIo({ cwd: folder, env: { PATH: process.env.PATH } });
  const options = { env: {}, parameter: {}, runtime: undefined, handler: undefined, timeout: undefined };
  const given = { ...options, layer: undefined, region: 'eu-central-1' };
  const named = await readAll(['template.json'], given, 'x86_64', io);
  return { names: named.map(({ functionName }) => functionName), said: stderr() };
}

const image = { Type: 'AWS::Serverless::Function', Properties: { PackageType: 'Image' } };
const inline = {
  Type: 'AWS::Serverless::Function',
  Properties: { InlineCode: 'exports.handler = async () => 1;', Handler: 'index.handler', Runtime: 'nodejs22.x' },
};
const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'shop.yaml' } };

it('tune local says which of a template it leaves out, and why', async () => {
  const Resources = { Orders: inline, Resize: image, Render: image, Shop: nested };
  const { names, said } = await read({ Resources });
  expect(names).toEqual(['Orders']);
  expect(said).toContain('template.json: Resize, Render left out, because container images cannot be run here.');
  expect(said).toContain('the functions of its nested stacks (Shop) are left out: name their templates as well.');
});

it('tune local does not wait for calls where nothing of a template can be run', async () => {
  await expect(read({ Resources: { Resize: image, Shop: nested } })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'template.json has no function that can be run here.',
  });
});
