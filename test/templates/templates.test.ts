// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates hold such text
import { describe, expect, it } from 'vitest';
import type { TemplateContext } from '../../src/templates/template.ts';
import { plain, read } from './definitions.ts';

interface Case {
  readonly text: string;
  readonly given?: Partial<TemplateContext>;
  /** Of the function, as far as the case is about it. */
  readonly taken: Readonly<Record<string, unknown>>;
  readonly lacks?: string;
}

const sam = (properties: string, more = '') => `
Transform: AWS::Serverless-2016-10-31
${more}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
${properties.replaceAll(/^/gm, '      ')}
`;

const hash = 'a'.repeat(64);

const cases: Readonly<Record<string, Case>> = {
  'SAM with everything written down': {
    text: sam(`CodeUri: src/orders/
Handler: app.handler
Runtime: nodejs22.x
MemorySize: 512
Timeout: 10
Architectures: [arm64]
EphemeralStorage: { Size: 2048 }
SnapStart: { ApplyOn: PublishedVersions }
LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: WARN, SystemLogLevel: INFO }
Environment:
  Variables: { STAGE: prod, EMPTY: '' }`),
    taken: {
      id: 'Orders',
      code: { kind: 'path', path: 'src/orders/' },
      handler: 'app.handler',
      runtime: 'nodejs22.x',
      memoryMb: 512,
      timeoutS: 10,
      architecture: 'arm64',
      ephemeralStorageMb: 2048,
      snapStart: true,
      logging: { format: 'JSON', applicationLevel: 'WARN', systemLevel: 'INFO' },
      environment: { STAGE: 'prod', EMPTY: '' },
      layers: [],
      isImage: false,
    },
  },
  'SAM with next to nothing: what Lambda takes then': {
    text: sam('CodeUri: .\nHandler: app.handler\nRuntime: python3.12'),
    taken: { memoryMb: 128, timeoutS: 3, architecture: 'x86_64', environment: {}, snapStart: false },
  },
  'SAM Globals under the function: maps are merged, its own values count': {
    text: sam(
      'CodeUri: .\nHandler: app.handler\nMemorySize: 1024\nEnvironment: { Variables: { B: own } }',
      'Globals: { Function: { Runtime: nodejs22.x, MemorySize: 256, Timeout: 30, Environment: { Variables: { A: global, B: global } } } }',
    ),
    taken: { runtime: 'nodejs22.x', memoryMb: 1024, timeoutS: 30, environment: { A: 'global', B: 'own' } },
  },
  'SAM Globals: lists are joined, the global ones first': {
    text: sam(
      'CodeUri: .\nHandler: a.b\nRuntime: nodejs22.x\nLayers: [arn:two]',
      'Globals: { Function: { Layers: [arn:one] } }',
    ),
    taken: {
      layers: [
        { kind: 'arn', arn: 'arn:one' },
        { kind: 'arn', arn: 'arn:two' },
      ],
    },
  },
  'parameters by their default, as numbers too': {
    text: sam(
      'CodeUri: .\nHandler: a.b\nRuntime: !Ref Runtime\nMemorySize: !Ref Memory',
      'Parameters: { Memory: { Type: Number, Default: 768 }, Runtime: { Type: String, Default: nodejs22.x } }',
    ),
    taken: { memoryMb: 768, runtime: 'nodejs22.x' },
  },
  'parameters that are given go before their default': {
    text: sam('CodeUri: .\nMemorySize: !Ref Memory', 'Parameters: { Memory: { Type: Number, Default: 768 } }'),
    given: { parameters: { Memory: '2048' } },
    taken: { memoryMb: 2048 },
  },
  'a parameter without a default is not guessed': {
    text: sam('CodeUri: .\nMemorySize: !Ref Memory', 'Parameters: { Memory: { Type: Number } }'),
    taken: { memoryMb: '? !Ref Memory' },
  },
  'the default of a parameter in Systems Manager is a name, no value': {
    text: sam(
      'CodeUri: .\nEnvironment: { Variables: { KEY: !Ref Key } }',
      "Parameters: { Key: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/key } }",
    ),
    taken: { environment: { KEY: '? !Ref Key' } },
  },
  'Sub, Join, Select, Split and FindInMap with pseudo parameters': {
    text: sam(
      `CodeUri: .
MemorySize: !FindInMap [Sizes, !Ref Stage, memory]
Environment:
  Variables:
    QUEUE: !Sub 'https://sqs.\${AWS::Region}.\${AWS::URLSuffix}/\${AWS::AccountId}/\${Stage}'
    LITERAL: !Sub '\${!Stage}'
    NAMED: !Sub ['\${Name}-\${Stage}', { Name: orders }]
    JOINED: !Join ['-', [orders, !Ref Stage, !Ref 'AWS::Partition']]
    SECOND: !Select [1, !Split [',', 'a,b,c']]`,
      `Parameters: { Stage: { Type: String, Default: dev } }
Mappings: { Sizes: { dev: { memory: 256 }, prod: { memory: 1024 } } }`,
    ),
    taken: {
      memoryMb: 256,
      environment: {
        QUEUE: 'https://sqs.eu-central-1.amazonaws.com/000000000000/dev',
        LITERAL: '${Stage}',
        NAMED: 'orders-dev',
        JOINED: 'orders-dev-aws',
        SECOND: 'b',
      },
    },
  },
  'what only an account knows: named as it is written, without the text around it': {
    text: sam(`CodeUri: .
Environment:
  Variables:
    TABLE: !Ref Table
    ARN: !GetAtt Table.Arn
    LONG: { Fn::GetAtt: [Table, StreamArn] }
    URL: !Sub 'https://user:secret@\${Host.Endpoint}/x'
    SHARED: !ImportValue shared-key
    SECRET: '{{resolve:secretsmanager:prod/db:SecretString:password}}'
    STACK: !Ref AWS::StackName`),
    taken: {
      environment: {
        TABLE: '? !Ref Table',
        ARN: '? !GetAtt Table.Arn',
        LONG: '? !GetAtt Table.StreamArn',
        URL: '? !GetAtt Host.Endpoint',
        SHARED: '? !ImportValue',
        SECRET: '? {{resolve:secretsmanager:…}}',
        STACK: '? !Ref AWS::StackName',
      },
    },
  },
  'attributes that are given as parameters': {
    text: sam('CodeUri: .\nEnvironment: { Variables: { ARN: !GetAtt Table.Arn, NAME: !Ref Table } }'),
    given: { parameters: { 'Table.Arn': 'arn:t', Table: 'orders' } },
    taken: { environment: { ARN: 'arn:t', NAME: 'orders' } },
  },
  'conditions over known values, and NoValue': {
    text: sam(
      `CodeUri: .
MemorySize: !If [IsProd, 1769, 256]
Timeout: !If [IsSmall, 5, !Ref AWS::NoValue]
Environment: { Variables: { A: !If [IsProd, x, !Ref 'AWS::NoValue'] } }`,
      `Parameters: { Stage: { Type: String, Default: prod } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsSmall: !And [!Condition IsProd, !Not [!Condition IsProd]]`,
    ),
    taken: { memoryMb: 1769, timeoutS: 3, environment: { A: 'x' } },
  },
  'numbers keep the way they are written': {
    text: sam(
      'CodeUri: .\nEnvironment: { Variables: { ACCOUNT: 012345678901, VERSION: 1.0, FLAG: true, BIG: 12345678901234567890 } }',
    ),
    taken: { environment: { ACCOUNT: '012345678901', VERSION: '1.0', FLAG: 'true', BIG: '12345678901234567890' } },
  },
  'anchors and merge keys': {
    text: sam(
      '<<: *common\nCodeUri: .',
      'Common: &common { Runtime: nodejs22.x, Handler: app.handler, MemorySize: 384 }',
    ),
    taken: { runtime: 'nodejs22.x', handler: 'app.handler', memoryMb: 384 },
  },
  'layers of the same template, and one of an account': {
    text: `
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Layers: [!Ref Common, !Ref Plain, 'arn:aws:lambda:eu-central-1:1:layer:x:1', !Ref Given]
  Common: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layers/common } }
  Plain: { Type: AWS::Lambda::LayerVersion, Properties: { Content: ./layers/plain.zip } }
`,
    taken: {
      layers: [
        { kind: 'path', name: 'Common', path: 'layers/common' },
        { kind: 'path', name: 'Plain', path: './layers/plain.zip' },
        { kind: 'arn', arn: 'arn:aws:lambda:eu-central-1:1:layer:x:1' },
        '? !Ref Given',
      ],
    },
  },
  'code in the template': {
    text: sam('InlineCode: |\n  def handler(e, c): return 1\nHandler: index.handler\nRuntime: python3.12'),
    taken: { code: { kind: 'inline', source: 'def handler(e, c): return 1\n' } },
  },
  'code that was packaged to S3 is not here': {
    text: sam('CodeUri: s3://bucket/0123abcd\nHandler: a.b'),
    taken: { code: '? an object in S3' },
  },
  'an image': {
    text: sam('PackageType: Image\nImageUri: 1.dkr.ecr.eu-central-1.amazonaws.com/x:1'),
    taken: { isImage: true },
  },
  'esbuild as SAM writes it': {
    text: `
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        Format: esm
        Minify: true
        Target: es2022
        OutExtension: [.js=.mjs]
        EntryPoints: [app.ts]
        External: ['@aws-sdk/*']
    Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs22.x }
`,
    taken: {
      bundle: {
        format: 'esm',
        minify: true,
        target: 'es2022',
        outExtension: { '.js': '.mjs' },
        entryPoints: ['app.ts'],
        external: ['@aws-sdk/*'],
      },
    },
  },
  'what sam build would make first is not made here': {
    text: `
Resources:
  Common:
    Type: AWS::Serverless::LayerVersion
    Metadata: { BuildMethod: python3.12 }
    Properties: { ContentUri: common }
  Ready: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: ready } }
  Orders:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { CodeUri: src, Handler: app.handler, Runtime: python3.12, Layers: [!Ref Ready, !Ref Common] }
`,
    taken: { unbuilt: ['its code (makefile)', 'its layer Common (python3.12)'] },
  },
  'what sam build writes': {
    text: sam('CodeUri: OrdersFunction\nHandler: app.handler\nRuntime: nodejs22.x').replace(
      '    Properties',
      '    Metadata: { SamResourceId: Orders, BuildMethod: esbuild }\n    Properties',
    ),
    taken: { code: { kind: 'path', path: 'OrdersFunction' }, unbuilt: [] },
    lacks: 'bundle',
  },
  'CloudFormation in YAML with a local path, before it is packaged': {
    text: `
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: orders-prod, Code: ./build, Handler: index.handler, Runtime: nodejs22.x, MemorySize: '640' }
`,
    taken: { otherNames: ['orders-prod'], code: { kind: 'path', path: './build' }, memoryMb: 640 },
  },
  'CloudFormation with ZipFile': {
    text: 'Resources: { Orders: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: "exports.handler = 1" } } } }',
    taken: { code: { kind: 'inline', source: 'exports.handler = 1' } },
  },
  'CloudFormation in JSON, with tabs': {
    text: '{\n\t"Parameters": {"M": {"Type": "Number", "Default": 896}},\n\t"Resources": {\n\t\t"Orders": {\n\t\t\t"Type": "AWS::Lambda::Function",\n\t\t\t"Properties": {"Code": "./x", "MemorySize": {"Ref": "M"}, "Environment": {"Variables": {"A": {"Fn::Join": ["", ["a", {"Ref": "AWS::Region"}]]}}}}\n\t\t}\n\t}\n}\n',
    taken: { memoryMb: 896, environment: { A: 'aeu-central-1' } },
  },
  'CDK with the asset in the metadata': {
    text: JSON.stringify({
      Resources: {
        OrdersFn1A2B: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Bucket: { 'Fn::Sub': 'cdk-${AWS::AccountId}' }, S3Key: `${hash}.zip` },
            Handler: 'index.handler',
            Runtime: 'nodejs22.x',
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          },
          Metadata: {
            'aws:cdk:path': 'Shop/OrdersFn/Resource',
            'aws:asset:path': `asset.${hash}`,
            'aws:asset:property': 'Code',
          },
        },
      },
    }),
    taken: { id: 'OrdersFn1A2B', otherNames: ['Shop/OrdersFn'], code: { kind: 'path', path: `asset.${hash}` } },
  },
  'SAM: its URL': {
    text: sam(
      `CodeUri: .
Handler: a.b
Runtime: nodejs22.x
FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM, Cors: { AllowOrigins: ['*'], AllowCredentials: true, MaxAge: 60 } }`,
    ),
    taken: {
      functionUrl: {
        authType: 'NONE',
        invokeMode: 'RESPONSE_STREAM',
        cors: { AllowOrigins: ['*'], AllowCredentials: true, MaxAge: 60 },
      },
    },
  },
  'CloudFormation: its URL, not the one of an alias': {
    text: JSON.stringify({
      Resources: {
        LiveUrl: {
          Type: 'AWS::Lambda::Url',
          Properties: {
            AuthType: 'NONE',
            InvokeMode: 'RESPONSE_STREAM',
            Qualifier: 'live',
            TargetFunctionArn: { Ref: 'F' },
          },
        },
        OtherUrl: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: { Ref: 'G' } } },
        FUrl: {
          Type: 'AWS::Lambda::Url',
          Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] } },
        },
        F: { Type: 'AWS::Lambda::Function', Properties: { Code: './x' } },
      },
    }),
    taken: { functionUrl: { authType: 'AWS_IAM', invokeMode: 'BUFFERED' } },
  },
  'serverless.yml: its URL': {
    text: `
provider: { name: aws, runtime: nodejs22.x }
functions:
  orders:
    handler: a.b
    url: { authorizer: aws_iam, invokeMode: RESPONSE_STREAM, cors: { allowedOrigins: [https://a.example], maxAge: 9 } }
`,
    taken: {
      functionUrl: {
        authType: 'AWS_IAM',
        invokeMode: 'RESPONSE_STREAM',
        cors: { AllowOrigins: ['https://a.example'], MaxAge: 9 },
      },
    },
  },
  'serverless.yml: a URL for everybody': {
    text: 'provider: { name: aws, runtime: nodejs22.x }\nfunctions: { orders: { handler: a.b, url: true } }',
    taken: { functionUrl: { authType: 'NONE', invokeMode: 'BUFFERED' } },
  },
  'CDK without metadata: the manifest says where the asset is': {
    text: JSON.stringify({
      Resources: {
        F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: 'b', S3Key: `${hash}.zip` } } },
      },
    }),
    given: { assets: { [hash]: 'asset.there' } },
    taken: { code: { kind: 'path', path: 'asset.there' } },
  },
  "CDK's own functions are no one's target": {
    text: JSON.stringify({
      Resources: {
        Custom1: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code: { S3Bucket: 'b', S3Key: 'k' } },
          Metadata: { 'aws:cdk:path': 'Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler' },
        },
      },
    }),
    taken: { isTools: true, code: '? an object in S3' },
  },
  'serverless.yml with provider defaults': {
    text: `
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  memorySize: 512
  architecture: arm64
  environment: { STAGE: '\${self:provider.stage}', SHARED: all }
  stage: \${opt:stage, 'dev'}
functions:
  orders:
    handler: src/orders.handler
    timeout: 12
    ephemeralStorageSize: 1024
    snapStart: true
    environment: { SHARED: own }
`,
    taken: {
      id: 'orders',
      code: { kind: 'path', path: '.' },
      handler: 'src/orders.handler',
      runtime: 'nodejs22.x',
      memoryMb: 512,
      timeoutS: 12,
      architecture: 'arm64',
      ephemeralStorageMb: 1024,
      snapStart: true,
      environment: { STAGE: 'dev', SHARED: 'own' },
    },
  },
  'serverless.yml with next to nothing: what the framework takes then': {
    text: 'provider: { name: aws, runtime: python3.12 }\nfunctions: { orders: { handler: app.main } }',
    taken: { memoryMb: 1024, timeoutS: 6, architecture: 'x86_64', runtime: 'python3.12' },
  },
  'serverless.yml: variables in variables, of the environment, by stage, with things to fall back on': {
    text: `
custom:
  stage: \${opt:stage, 'dev'}
  memory: { dev: 256, prod: 2048 }
  names: { table: 'orders-\${self:custom.stage}' }
params: { default: { domain: example.org }, prod: { domain: shop.example } }
provider: { name: aws, runtime: nodejs22.x }
functions:
  orders:
    handler: app.handler
    memorySize: \${self:custom.memory.\${self:custom.stage}}
    environment:
      TABLE: \${self:custom.names.table}
      USER: \${env:ORDERS_USER}
      MISSING: \${env:NOT_SET}
      OTHERWISE: \${env:NOT_SET, 'a, b'}
      REGION: \${aws:region}
      DOMAIN: \${param:domain}
      STAGE: \${sls:stage}
      SECRET: \${ssm:/orders/key}
      FILE: \${file(./config.yml):key}
      OWN: \${AWS::Region}
`,
    given: { parameters: { stage: 'prod' }, env: { ORDERS_USER: 'shop' } },
    taken: {
      memoryMb: 2048,
      environment: {
        TABLE: 'orders-prod',
        USER: 'shop',
        MISSING: '? ${env:NOT_SET}',
        OTHERWISE: 'a, b',
        REGION: 'eu-central-1',
        DOMAIN: 'shop.example',
        STAGE: 'prod',
        SECRET: '? ${ssm:/orders/key}',
        FILE: '? ${file(./config.yml):key}',
        OWN: '${AWS::Region}',
      },
    },
  },
  'serverless.yml: other files, and what they say again': {
    text: `
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  environment: \${file(conf/env.\${opt:stage, 'dev'}.yml)}
functions:
  - \${file(./conf/orders.yml)}
`,
    given: {
      files: {
        'conf/env.dev.yml': { STAGE: 'dev', HOST: '${file(hosts.json):list.0}', NONE: '${file(gone.yml):x, "none"}' },
        'hosts.json': { list: ['a.example', 'b.example'] },
        'gone.yml': undefined,
        './conf/orders.yml': {
          orders: { handler: 'app.handler', environment: { NAME: '${self:service}', JS: '${file(./x.js):a}' } },
        },
      },
    },
    taken: {
      id: 'orders',
      handler: 'app.handler',
      environment: { STAGE: 'dev', HOST: 'a.example', NONE: 'none', NAME: 'shop', JS: '? ${file(./x.js):a}' },
    },
  },
  'a list that is given as a parameter': {
    text: sam('CodeUri: .\nMemorySize: !Select [1, !Ref Sizes]', 'Parameters: { Sizes: { Type: CommaDelimitedList } }'),
    given: { parameters: { Sizes: '128, 512' } },
    taken: { memoryMb: 512 },
  },
  'Fn::ForEach, one in the other, over a list and a parameter': {
    text: `
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: or-ders } }
Resources:
  Fn::ForEach::Stages:
    - Stage
    - [dev]
    - Fn::ForEach::Functions:
        - Name
        - !Ref Names
        - '&{Name}\${Stage}':
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: !Sub 'src/\${Name}'
              Handler: a.b
              Environment: { Variables: { STAGE: !Ref Stage, BOTH: !Join ['/', [!Ref Name, '\${Stage}']] } }
`,
    taken: {
      id: 'ordersdev',
      code: { kind: 'path', path: 'src/or-ders' },
      environment: { STAGE: 'dev', BOTH: 'or-ders/dev' },
    },
  },
  'serverless.yml: a variable that leads back to itself': {
    text: 'custom: { a: "${self:custom.b}", b: "${self:custom.a}" }\nprovider: { name: aws }\nfunctions: { f: { handler: "${self:custom.a}" } }',
    taken: { handler: '? a variable that leads back to itself' },
  },
  'serverless.yml: layers, an artifact, a list of functions, references to resources': {
    text: `
provider: { name: aws, runtime: nodejs22.x }
package: { artifact: .serverless/shop.zip }
layers: { common-code: { path: layers/common } }
functions:
  - orders:
      name: shop-orders
      handler: app.handler
      layers: [{ Ref: CommonDashcodeLambdaLayer }, 'arn:aws:lambda:eu-central-1:1:layer:x:1']
      environment: { TABLE: !Ref OrdersTable, QUEUE: { Fn::GetAtt: [Queue, Arn] } }
`,
    taken: {
      otherNames: ['shop-orders'],
      code: { kind: 'path', path: '.serverless/shop.zip' },
      layers: [
        { kind: 'path', name: 'common-code', path: 'layers/common' },
        { kind: 'arn', arn: 'arn:aws:lambda:eu-central-1:1:layer:x:1' },
      ],
      environment: { TABLE: '? !Ref OrdersTable', QUEUE: '? !GetAtt Queue.Arn' },
    },
  },
  'serverless.yml: esbuild of the framework': {
    text: `
provider: { name: aws, runtime: nodejs22.x }
build: { esbuild: { bundle: true, minify: false, external: ['@aws-sdk/*'] } }
functions: { orders: { handler: src/orders.handler } }
`,
    taken: { bundle: { minify: false, external: ['@aws-sdk/*'] } },
  },
};

describe('what is taken from a template', () => {
  it.each(Object.entries(cases))('%s', async (_name, { text, given, taken, lacks }) => {
    const { functions } = await read(text, given);
    expect(functions).toHaveLength(1);
    expect(functions.map(plain)[0]).toMatchObject(taken);
    // Members of maps are named in full.
    const [first] = functions.map(plain) as Readonly<Record<string, unknown>>[];
    if (taken.environment !== undefined) expect(first?.environment).toEqual(taken.environment);
    if (lacks !== undefined) expect(first).not.toHaveProperty(lacks);
    if (taken.layers !== undefined) expect(first?.layers).toEqual(taken.layers);
  });
});
