import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

async function read(template: object, target = 'template.json') {
  await writeFile(join(folder, 'template.json'), JSON.stringify(template));
  const { io, stderr } = fakeIo({ cwd: folder, env: { PATH: process.env.PATH } });
  const options = { env: {}, parameter: {}, runtime: undefined, handler: undefined, timeout: undefined };
  const given = { ...options, layer: undefined, region: 'eu-central-1' };
  const named = await readAll([target], given, 'x86_64', io);
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

it('tune local leaves out what a condition leaves out, and what comes of a loop over nothing that is known', async () => {
  const Resources = {
    Orders: inline,
    Extra: { ...inline, Condition: 'Never' },
    Kept: { ...inline, Condition: 'Always' },
    'Fn::ForEach::More': ['Name', { Ref: 'Names' }, { '&{Name}': inline }],
  };
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] }, Always: { 'Fn::Not': [{ Condition: 'Never' }] } };
  const { names, said } = await read({ Conditions, Resources });
  expect(names).toEqual(['Orders', 'Kept']);
  expect(said).toContain('template.json: Extra left out, because its condition Never does not hold.');
  expect(said).toContain('Fn::ForEach::More goes over !Ref Names: give it by --parameter Names=a,b.');
});

it('tune local finds the templates of the stages of a CDK application', async () => {
  const stage = join(folder, 'cdk.out', 'assembly-Prod');
  await mkdir(stage, { recursive: true });
  await writeFile(join(folder, 'cdk.out', 'Pipeline.template.json'), '{"Resources":{"P":{"Type":"X"}}}');
  await writeFile(join(stage, 'ProdShop.template.json'), JSON.stringify({ Resources: { Orders: inline } }));
  expect((await read({}, 'cdk.out/*.template.json')).names).toEqual(['Orders']);
});

it('tune local does not wait for calls where nothing of a template can be run', async () => {
  await expect(read({ Resources: { Resize: image, Shop: nested } })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'template.json has no function that can be run here.',
  });
});
