// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates hold such text
import { describe, expect, it } from 'vitest';
import { templateReference } from '../../src/templates/reference.ts';
import { settledFunction } from '../../src/templates/settled.ts';
import { functionNamed } from '../../src/templates/template.ts';
import { read } from './definitions.ts';

const functionOf = (path: string, name?: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName: name, Code: './x', Handler: 'index.handler', Runtime: 'nodejs22.x' },
  Metadata: { 'aws:cdk:path': path },
});
const shop = JSON.stringify({
  Resources: {
    Orders1: functionOf('Shop/Orders/Resource', 'orders'),
    Mail2: functionOf('Shop/Mail/Fn/Resource'),
    Bill3: functionOf('Shop/Bill/Fn/Resource'),
    Own4: functionOf('Shop/LogRetentionaae0aa3c/Resource'),
  },
});

describe('the function that is meant', () => {
  it.each([
    ['its logical id', 'Orders1', 'Orders1'],
    ['its name', 'orders', 'Orders1'],
    ['the path of its construct', 'Shop/Mail/Fn', 'Mail2'],
    ['the end of one', 'Mail/Fn', 'Mail2'],
  ])('is named by %s', async (_by, fragment, id) => {
    expect(functionNamed(await read(shop), fragment).id).toBe(id);
  });

  it.each([
    [undefined, 'shop.json has 4 functions: say which one.'],
    ['Fn', '"Fn" may be any of 2 functions of shop.json.'],
    ['Nope', 'shop.json has no function "Nope".'],
  ])('is listed with the others for %j', async (fragment, message) => {
    const template = await read(shop, {}, 'shop.json');
    expect(() => functionNamed(template, fragment)).toThrow(
      expect.objectContaining({ code: 'USAGE', message, hint: expect.stringContaining('Mail2 (Shop/Mail/Fn), Bill3') }),
    );
  });

  it('needs no name where it is the only one that is not of the tool', async () => {
    const alone = JSON.stringify({
      Resources: {
        Orders1: functionOf('Shop/Orders/Resource'),
        Own4: functionOf('Shop/LogRetentionaae0aa3c/Resource'),
      },
    });
    expect(functionNamed(await read(alone), undefined).id).toBe('Orders1');
  });

  it.each([
    ['template.yaml#Orders', { file: 'template.yaml', fragment: 'Orders' }],
    ['./a/serverless.yml#orders', { file: './a/serverless.yml', fragment: 'orders' }],
    ['cdk.out/Shop.template.json#Shop/Orders', { file: 'cdk.out/Shop.template.json', fragment: 'Shop/Orders' }],
    ['template.yaml', { file: 'template.yaml', fragment: undefined }],
    ['./folder', undefined],
    ['package.zip', undefined],
    ['orders', undefined],
    ['arn:aws:lambda:us-east-1:1:function:x.yaml', undefined],
  ])('%s is read as %j', (target, reference) => {
    expect(templateReference(target)).toEqual(reference);
  });
});

it('names the loop that a function may come from, and the option that gives it', async () => {
  const template = await read(
    `Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::All: [Name, !Ref Names, { '\${Name}': { Type: AWS::Serverless::Function, Properties: { CodeUri: . } } }]`,
  );
  expect(() => functionNamed(template, 'Orders')).toThrow(
    expect.objectContaining({ hint: 'Fn::ForEach::All goes over !Ref Names: give it by --parameter Names=a,b.' }),
  );
});

it('says of a template that is a program how it is read', () => {
  expect(() => templateReference('./serverless.ts#orders')).toThrow(
    expect.objectContaining({
      message: './serverless.ts is a program, and templates are only read.',
      hint: expect.stringContaining(
        'serverless print --format json > serverless.json   then: --function serverless.json#orders',
      ),
    }),
  );
});

describe('what is no template', () => {
  it.each([
    ['a: [', /^template\.yaml cannot be read: .* at line 1/],
    ['- a\n- b', /is no template: it holds a list/],
    ['just text', /is no template: it holds no map/],
    ['a: 1', /has neither Resources nor functions/],
    ['Resources: { A: { Type: X }, A: { Type: Y } }', /Map keys must be unique/],
    [
      `a: &a [x, x]\n${Array.from({ length: 12 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`).join('\n')}`,
      /aliases cannot be followed/,
    ],
  ])('%j is refused', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'CONFIG', message: expect.stringMatching(message) });
  });
});

describe('what the template alone does not tell', () => {
  const unknown = `
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      MemorySize: !Ref Memory
      Timeout: !GetAtt Config.Timeout
      Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1']
      Environment: { Variables: { TABLE: !Ref Table, TOKEN: hunter2, URL: !Sub 'https://me:hunter2@\${Host.Name}' } }
`;
  const nothing = { environmentNames: [], hasLayers: false };

  it('is listed, each with the option that gives it, and without any value', async () => {
    const definition = functionNamed(await read(unknown), undefined);
    let error: unknown;
    try {
      settledFunction(definition, 'template.yaml#Orders', nothing);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: 'template.yaml#Orders: 7 things are not told by the template alone.',
      items: [
        'the runtime is not in the template: give it by --runtime …',
        'the handler is not in the template: give it by --handler …',
        'the memory size is !Ref Memory: give it by --parameter Memory=…',
        'the timeout is !GetAtt Config.Timeout: give it by --timeout …',
        'TABLE is !Ref Table: give it by --env TABLE=… or --parameter Table=…',
        'URL is !GetAtt Host.Name: give it by --env URL=… or --parameter Host.Name=…',
        'layer 1 is arn:aws:lambda:us-east-1:1:layer:x:1, in an account: give all layers by --layer <folder or zip>, or --layer none',
      ],
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('is in the message where it is one thing', async () => {
    const text = unknown.replace('CodeUri: .', 'CodeUri: .\n      Runtime: nodejs22.x\n      Handler: a.b');
    const definition = functionNamed(await read(text, { parameters: { Memory: '512' } }), undefined);
    const given = { environmentNames: ['URL'], hasLayers: true, timeoutS: 4 };
    expect(() => settledFunction(definition, 'template.yaml#Orders', given)).toThrow(
      expect.objectContaining({
        message: 'template.yaml#Orders: TABLE is !Ref Table.',
        hint: 'Give it by --env TABLE=… or --parameter Table=…',
      }),
    );
  });

  it('is given by options, which go before what the template says', async () => {
    const definition = functionNamed(await read(unknown, { parameters: { Memory: '512' } }), undefined);
    const settled = settledFunction(definition, 'template.yaml#Orders', {
      runtime: 'nodejs22.x',
      handler: 'other.handler',
      timeoutS: 7,
      environmentNames: ['TABLE', 'URL'],
      hasLayers: true,
    });
    expect(settled).toMatchObject({
      runtime: 'nodejs22.x',
      handler: 'other.handler',
      timeoutS: 7,
      memoryMb: 512,
      environment: { TOKEN: 'hunter2' },
      layers: [],
    });
  });

  it('an image is refused with what to do', async () => {
    const definition = functionNamed(
      await read('Resources: { A: { Type: AWS::Serverless::Function, Properties: { PackageType: Image } } }'),
      'A',
    );
    expect(() => settledFunction(definition, 't.yaml#A', nothing)).toThrow('t.yaml#A is a container image');
  });
});
