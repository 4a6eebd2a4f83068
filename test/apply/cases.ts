import type { edited, Values } from './editing.ts';

/** What is wanted of a function of a template, and every line that it may change there. */
export interface Case {
  /** In `fixtures/apply`. */
  readonly file: string;
  readonly select: string;
  readonly values: Values;
  readonly options?: Parameters<typeof edited>[4];
  readonly lines: readonly string[];
  /** Line, expression, reason, origin and what to write. */
  readonly refusals?: readonly string[];
  /** The same of what is to be written by hand beside the edits. */
  readonly besides?: readonly string[];
}

export const cases: readonly Case[] = [
  {
    file: 'sam/plain.yaml',
    select: 'OrdersFunction',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs24.x' },
    lines: [
      '-      Runtime: nodejs22.x',
      '-      MemorySize: 512',
      '+      Runtime: nodejs24.x',
      '+      MemorySize: 1769',
      '-        - x86_64',
      '+        - arm64',
    ],
  },
  {
    file: 'sam/comments.yaml',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'python3.13' },
    lines: [
      '-            MemorySize:   512      # MB; see the wiki, page 512',
      '+            MemorySize:   1769      # MB; see the wiki, page 512',
      '-            Runtime: "python3.12"',
      '-            Architectures: [ x86_64 ]   # arm64 later?',
      '+            Runtime: "python3.13"',
      '+            Architectures: [ arm64 ]   # arm64 later?',
    ],
  },
  { file: 'sam/globals.yaml', select: 'Ingest', values: { memoryMb: '1769' }, lines: ['+      MemorySize: 1769'] },
  {
    file: 'sam/globals.yaml',
    select: 'Export',
    values: { memoryMb: '1769', runtime: 'python3.13' },
    options: { globals: true },
    lines: ['-    MemorySize: 256', '-    Runtime: python3.12', '+    MemorySize: 1769', '+    Runtime: python3.13'],
  },
  {
    file: 'sam/globalArchitectures.yaml',
    select: 'Ingest',
    values: { architecture: 'arm64' },
    lines: ['+      Architectures: [arm64]'],
  },
  {
    file: 'sam/globalArchitectures.yaml',
    select: 'Ingest',
    values: { memoryMb: '1769', architecture: 'arm64' },
    options: { globals: true },
    lines: [
      '-    Architectures: [x86_64]',
      '-    MemorySize: 256',
      '+    Architectures: [arm64]',
      '+    MemorySize: 1769',
    ],
  },
  {
    file: 'sam/crlf.yaml',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64', snapStart: 'on' },
    lines: [
      '-      MemorySize: 512',
      '+      MemorySize: 1769',
      '+      Architectures: [arm64]',
      '-        ApplyOn: None',
      '+        ApplyOn: PublishedVersions',
    ],
  },
  {
    file: 'sam/bom.yaml',
    select: 'Bestellung',
    values: { memoryMb: '1769' },
    lines: ['-      MemorySize: 512', '+      MemorySize: 1769'],
  },
  {
    file: 'sam/noLineEnd.yaml',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-      Handler: a.handler',
      '+      Handler: a.handler',
      '+      MemorySize: 1769',
      '+      Architectures: [arm64]',
    ],
  },
  {
    file: 'sam/flow.yaml',
    select: 'A',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-  A: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, MemorySize: 512, Runtime: nodejs22.x } }',
      '+  A: { Type: AWS::Serverless::Function, Properties: { Architectures: [arm64], Handler: a.b, MemorySize: 1769, Runtime: nodejs22.x } }',
    ],
  },
  {
    file: 'sam/flow.yaml',
    select: 'B',
    values: { memoryMb: '1769' },
    lines: [
      '-  B: { Type: AWS::Serverless::Function, Properties: { Handler: b.b, MemorySize: 512 } }',
      '+  B: { Type: AWS::Serverless::Function, Properties: { Handler: b.b, MemorySize: 1769 } }',
    ],
  },
  {
    file: 'sam/quotedNumbers.yaml',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs24.x' },
    lines: [
      '-      MemorySize: "512"',
      '-      Architectures: ["x86_64"]',
      "-      Runtime: 'nodejs20.x'",
      '+      MemorySize: "1769"',
      '+      Architectures: ["arm64"]',
      "+      Runtime: 'nodejs24.x'",
    ],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Orders',
    values: { memoryMb: '1769' },
    lines: ['-    Default: 512      # see samconfig', '+    Default: 1769      # see samconfig'],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Orders',
    values: { memoryMb: '4096' },
    lines: [],
    refusals: ['6 | 512 | the parameter has MaxValue 3008 | write MemorySize: 4096'],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Orders',
    values: { memoryMb: '1769' },
    options: {
      neighbours: [
        {
          file: 'samconfig.toml',
          text: 'version = 0.1\n[prod.deploy.parameters]\nparameter_overrides = "Stage=prod OrdersMemory=1024"\n',
        },
      ],
    },
    lines: [],
    refusals: [
      '23 | !Ref OrdersMemory | the parameter is given another value at deployment | samconfig.toml:3, for the parameter OrdersMemory, line 5 | write OrdersMemory=1769 in samconfig.toml:3; or here: MemorySize: 1769',
    ],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'One',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '27 | !Ref SharedMemory | line 31 uses the same parameter and would change with it | the parameter SharedMemory, line 10 | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Three',
    values: { memoryMb: '1024' },
    lines: ["-    Default: '512'", "+    Default: '1024'"],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Three',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['14 | 512 | the parameter allows 256, 512, 1024 alone | write MemorySize: 1769'],
  },
  {
    file: 'sam/parameter.yaml',
    select: 'Four',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '39 | !Ref Given | the parameter has no default that is written out: its value is given at deployment | the parameter Given, line 17 | write Given=1769 for the deployment; or here: MemorySize: 1769',
    ],
  },
  {
    file: 'sam/expressions.yaml',
    select: 'ByCondition',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '11 | !If [IsProd, 1024, 256] | it is an expression | IsProd of Conditions, line 3 | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/expressions.yaml',
    select: 'ByMapping',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '15 | !FindInMap [Sizes, prod, Memory] | it is an expression | Sizes of Mappings, line 5 | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/expressions.yaml',
    select: 'ByLongForm',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '19 | Fn::If: [IsProd, 1024, 256] | it is an expression | IsProd of Conditions, line 3 | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/expressions.yaml',
    select: 'ByImport',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['-      MemorySize: 512', '+      MemorySize: 1769'],
    refusals: ['25 | - !ImportValue shared-architecture | it is an expression | write Architectures: [arm64]'],
  },
  {
    file: 'sam/anchors.yaml',
    select: 'Merged',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '10 | *defaults | the function takes its properties over from an anchor | line 2 | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/anchors.yaml',
    select: 'Aliased',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['15 | *size | it is taken over from the anchor &size | line 5 | write MemorySize: 1769'],
  },
  {
    file: 'sam/anchors.yaml',
    select: 'Anchored',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '19 | 512 | it stands under the anchor &shared, which other places of the file take over | write MemorySize: 1769',
    ],
  },
  {
    file: 'sam/anchors.yaml',
    select: 'Taker',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['21 |  | the resource has no Properties of its own | write MemorySize: 1769'],
  },
  {
    file: 'sam/anchors.yaml',
    select: 'OwnOverMerged',
    values: { memoryMb: '1769' },
    lines: ['-      MemorySize: 1024', '+      MemorySize: 1769'],
  },
  {
    file: 'sam/image.yaml',
    select: 'Render',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['-      MemorySize: 2048', '+      MemorySize: 1769', '-      - x86_64', '+      - arm64'],
  },
  {
    file: 'sam/template.json',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-\t\t\t\t"MemorySize": 512,',
      '-\t\t\t\t"Architectures": [ "x86_64" ]',
      '+\t\t\t\t"MemorySize": 1769,',
      '+\t\t\t\t"Architectures": [ "arm64" ]',
    ],
  },
  {
    file: 'sam/template.json',
    select: 'Bare',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+\t\t\t\t"MemorySize": 1769,', '+\t\t\t\t"Architectures": ["arm64"],'],
  },
  {
    file: 'sam/logging.yaml',
    select: 'WithFormat',
    values: { logLevel: 'ERROR' },
    lines: ['+        ApplicationLogLevel: ERROR'],
  },
  {
    file: 'sam/logging.yaml',
    select: 'Without',
    values: { logLevel: 'ERROR', snapStart: 'on' },
    lines: [
      '+      LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: ERROR }',
      '+      SnapStart: { ApplyOn: PublishedVersions }',
    ],
  },
  {
    file: 'sam/logging.yaml',
    select: 'WithLevel',
    values: { logLevel: 'ERROR' },
    lines: [
      '-      LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: DEBUG }',
      '+      LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: ERROR }',
    ],
  },
  {
    file: 'cloudformation/plain.yml',
    select: 'Worker',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['-      MemorySize: 128', '+      MemorySize: 1769', '+      Architectures: [arm64]'],
  },
  {
    file: 'cloudformation/minified.json',
    select: 'Fn',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"a.b","MemorySize":"512","Runtime":"nodejs22.x"}},"Bare":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"c.d"}}}}',
      '+{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Architectures":["arm64"],"Handler":"a.b","MemorySize":"1769","Runtime":"nodejs22.x"}},"Bare":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"c.d"}}}}',
    ],
  },
  {
    file: 'cloudformation/minified.json',
    select: 'Bare',
    values: { memoryMb: '1769' },
    lines: [
      '-{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"a.b","MemorySize":"512","Runtime":"nodejs22.x"}},"Bare":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"c.d"}}}}',
      '+{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Handler":"a.b","MemorySize":"512","Runtime":"nodejs22.x"}},"Bare":{"Type":"AWS::Lambda::Function","Properties":{"MemorySize":1769,"Handler":"c.d"}}}}',
    ],
  },
  {
    file: 'cloudformation/crlf.json',
    select: 'Fn',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '+        "Architectures": ["arm64"],',
      '-    "Memory": { "Type": "Number", "Default": 512 }',
      '+    "Memory": { "Type": "Number", "Default": 1769 }',
    ],
  },
  {
    file: 'cloudformation/loop.yaml',
    select: 'Worker${Name}',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '4 | Fn::ForEach::Workers | a loop (Fn::ForEach) makes several functions of it | write MemorySize: 1769',
    ],
  },
  {
    file: 'cloudformation/deep.template',
    select: 'Fn',
    values: { memoryMb: '1769', architecture: 'arm64', snapStart: 'on' },
    lines: [
      '+                "Architectures": ["arm64"],',
      '-                "SnapStart" : { "ApplyOn" : "None" },',
      '-                "MemorySize" : 512',
      '+                "SnapStart" : { "ApplyOn" : "PublishedVersions" },',
      '+                "MemorySize" : 1769',
    ],
  },
  {
    file: 'cloudformation/nested.yaml',
    select: 'Fn',
    values: { memoryMb: '1769' },
    lines: ['+            MemorySize: 1769'],
  },
  {
    file: 'serverless/plain.yml',
    select: 'orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-    memorySize: 512 # tuned by hand',
      '-    architecture: x86_64',
      '+    memorySize: 1769 # tuned by hand',
      '+    architecture: arm64',
    ],
  },
  {
    file: 'serverless/plain.yml',
    select: 'mail',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs24.x' },
    lines: ['+    memorySize: 1769', '+    architecture: arm64', '+    runtime: nodejs24.x'],
  },
  {
    file: 'serverless/plain.yml',
    select: 'mail',
    values: { runtime: 'nodejs24.x' },
    options: { globals: true },
    lines: ['-  runtime: nodejs20.x', '+  runtime: nodejs24.x'],
  },
  {
    file: 'serverless/plain.yml',
    select: 'mail',
    values: { memoryMb: '1024', logLevel: 'ERROR' },
    lines: [],
    refusals: [
      '12 |  | versions of the framework write log levels differently | write logs: the application log level ERROR, as your version of the framework writes it',
    ],
  },
  {
    file: 'serverless/logs.yml',
    select: 'worker',
    values: { logLevel: 'ERROR' },
    lines: [
      '-      applicationLogLevel: INFO # until the incident is over',
      '+      applicationLogLevel: ERROR # until the incident is over',
    ],
  },
  {
    file: 'serverless/provider.yml',
    select: 'orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+    memorySize: 1769', '+    architecture: arm64'],
  },
  {
    file: 'serverless/provider.yml',
    select: 'orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    options: { globals: true },
    lines: ['-  memorySize: 1024', '-  architecture: x86_64', '+  memorySize: 1769', '+  architecture: arm64'],
  },
  {
    file: 'serverless/variables.yml',
    select: 'byStage',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '11 | ${self:custom.memory.${sls:stage}} | it is a variable of the framework | custom.memory, line 3 | write memorySize: 1769',
    ],
  },
  {
    file: 'serverless/variables.yml',
    select: 'byOption',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '14 | ${opt:memory, 512} | it is a variable of the framework | --memory, given when it is deployed | write memorySize: 1769',
    ],
  },
  {
    file: 'serverless/variables.yml',
    select: 'byFile',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '17 | ${file(./sizes.yml):orders} | it is a variable of the framework | ./sizes.yml | write memorySize: 1769',
    ],
  },
  {
    file: 'serverless/variables.yml',
    select: 'byProvider',
    values: { memoryMb: '1769' },
    lines: ['+    memorySize: 1769'],
  },
  {
    file: 'serverless/list.yml',
    select: 'orders',
    values: { memoryMb: '1769', snapStart: 'on' },
    lines: ['-    snapStart: false', '-    memorySize: 1024', '+    snapStart: true', '+    memorySize: 1769'],
  },
  {
    file: 'serverless/list.yml',
    select: 'mail',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+    memorySize: 1769', '+    architecture: arm64'],
  },
  {
    file: 'serverless/anchors.yml',
    select: 'orders',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['9 | *common | the function takes its properties over from an anchor | line 4 | write memorySize: 1769'],
  },
  {
    file: 'serverless/anchors.yml',
    select: 'mail',
    values: { memoryMb: '1769' },
    lines: ['-    memorySize: 256', '+    memorySize: 1769'],
  },
  {
    file: 'serverless/config.json',
    select: 'orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-    "orders": {"handler": "a.b", "memorySize": 512},',
      '+    "orders": {"architecture": "arm64", "handler": "a.b", "memorySize": 1769},',
    ],
  },
  {
    file: 'serverless/config.json',
    select: 'mail',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+      "memorySize": 1769,', '+      "architecture": "arm64",'],
  },
  {
    file: 'terraform/plain.tf',
    select: 'aws_lambda_function.orders',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs24.x', snapStart: 'on' },
    lines: [
      '-  runtime       = "nodejs20.x"',
      '-  memory_size   = 512',
      '-  architectures = ["x86_64"]',
      '+  runtime       = "nodejs24.x"',
      '+  memory_size   = 1769',
      '+  snap_start { apply_on = "PublishedVersions" }',
      '+  architectures = ["arm64"]',
    ],
  },
  {
    file: 'terraform/untidy.tf',
    select: 'aws_lambda_function.orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [
      '-   /* memory_size = 1 */ memory_size=512# MB',
      '+   /* memory_size = 1 */ memory_size=1769# MB',
      '+\tarchitectures = ["arm64"]',
    ],
  },
  {
    file: 'terraform/bare.tf',
    select: 'aws_lambda_function.orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+  memory_size   = 1769', '+  architectures = ["arm64"]'],
  },
  {
    file: 'terraform/expressions.tf',
    select: 'aws_lambda_function.by_variable',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '9 | var.memory | it is an expression | var.memory, line 1 | write default = 1769 of var.memory, line 2; or here: memory_size = 1769',
    ],
  },
  {
    file: 'terraform/expressions.tf',
    select: 'aws_lambda_function.by_local',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '13 | local.size | it is an expression | local.size, line 5 | write size = 1769 in locals, line 5; or here: memory_size = 1769',
    ],
  },
  {
    file: 'terraform/expressions.tf',
    select: 'aws_lambda_function.by_condition',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      '17 | var.memory > 256 ? 1024 : 512 | it is an expression | var.memory, line 1 | write memory_size = 1769',
    ],
  },
  {
    file: 'terraform/expressions.tf',
    select: 'aws_lambda_function.many',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['20 | for_each = toset(["x", "y"]) | a loop makes several functions of it | write memory_size = 1769'],
  },
  {
    file: 'terraform/expressions.tf',
    select: 'aws_lambda_function.maybe',
    values: { memoryMb: '1769' },
    lines: ['-  memory_size   = 512', '+  memory_size   = 1769'],
  },
  {
    file: 'terraform/module.tf',
    select: 'module.orders',
    values: { memoryMb: '1769', architecture: 'arm64', snapStart: 'on' },
    lines: [
      '-  memory_size   = 1024',
      '+  memory_size   = 1769',
      '+  architectures = ["arm64"]',
      '+  snap_start    = true',
    ],
  },
  {
    file: 'terraform/module.tf',
    select: 'module.mail',
    values: { memoryMb: '1769', architecture: 'arm64', logLevel: 'WARN' },
    lines: ['+  memory_size   = 1769', '+  architectures = ["arm64"]', '+  logging_application_log_level = "WARN"'],
  },
  {
    file: 'terraform/snapstart.tf',
    select: 'aws_lambda_function.java',
    values: { snapStart: 'on', logLevel: 'ERROR' },
    lines: [
      '-    apply_on = "None"',
      '+    apply_on = "PublishedVersions"',
      '-    application_log_level = "DEBUG"',
      '+    application_log_level = "ERROR"',
    ],
  },
  {
    file: 'terraform/snapstart.tf',
    select: 'aws_lambda_function.plain',
    values: { snapStart: 'on', logLevel: 'ERROR' },
    lines: [
      '+  snap_start { apply_on = "PublishedVersions" }',
      '+  logging_config {',
      '+    log_format = "JSON"',
      '+    application_log_level = "ERROR"',
      '+  }',
    ],
  },
  {
    file: 'terraform/crlf.tf',
    select: 'aws_lambda_function.orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: ['+  memory_size   = 1769', '+  architectures = ["arm64"]'],
  },
  {
    file: 'cdk/stack.ts',
    select: 'OrdersHandler',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs24.x', snapStart: 'on' },
    lines: [
      '-      runtime: lambda.Runtime.NODEJS_20_X, // soon 22',
      '+      runtime: lambda.Runtime.NODEJS_24_X, // soon 22',
      '-      memorySize: 512, /* MB */',
      '-      architecture: lambda.Architecture.X86_64,',
      '+      memorySize: 1769, /* MB */',
      '+      architecture: lambda.Architecture.ARM_64,',
    ],
    refusals: ['11 |  | it is not written there yet | write snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,'],
  },
  {
    file: 'cdk/stack.ts',
    select: 'Mail',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['18 | memory | it is an expression | memory, line 6 | write memorySize: 1769,'],
  },
  {
    file: 'cdk/stack.ts',
    select: 'Spread',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['19 | ...defaults | what is spread behind it may hold another value | write memorySize: 1769,'],
  },
  {
    file: 'cdk/stack.ts',
    select: 'Bare',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [],
    refusals: [
      '20 |  | it is not written there yet | write memorySize: 1769,',
      '20 |  | it is not written there yet | write architecture: lambda.Architecture.ARM_64,',
    ],
  },
  {
    file: 'cdk/stack.ts',
    select: 'Looped',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: [
      "21 | for (const name of ['a', 'b']) { | a loop makes several functions of it | write memorySize: 1769,",
    ],
  },
  {
    file: 'cdk/stack.py',
    select: 'OrdersHandler',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'python3.13' },
    lines: [
      '-            runtime=_lambda.Runtime.PYTHON_3_11,   # memory_size=1',
      '+            runtime=_lambda.Runtime.PYTHON_3_13,   # memory_size=1',
      '-            memory_size=512,',
      '-            architecture=_lambda.Architecture.X86_64,',
      '+            memory_size=1769,',
      '+            architecture=_lambda.Architecture.ARM_64,',
    ],
  },
  {
    file: 'cdk/stack.py',
    select: 'Mail',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [],
    refusals: [
      '18 | SIZE | it is an expression | SIZE, line 23 | write memory_size=1769,',
      '18 | **common | its arguments are taken over from another object | write architecture=_lambda.Architecture.ARM_64,',
    ],
  },
  {
    file: 'cdk/stack.py',
    select: 'Looped',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['19 | for name in ("a", "b"): | a loop makes several functions of it | write memory_size=1769,'],
  },
  {
    file: 'programs/pulumi.ts',
    select: 'orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [],
    refusals: [
      '3 |  | programs of Pulumi are not edited | write memorySize: 1769,',
      '3 |  | programs of Pulumi are not edited | write architectures: ["arm64"],',
    ],
  },
  {
    file: 'programs/sst.config.ts',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64' },
    lines: [],
    refusals: [
      '3 |  | programs of SST are not edited | write memory: "1769 MB",',
      '3 |  | programs of SST are not edited | write architecture: "arm64",',
    ],
  },
  {
    file: 'programs/pulumi.py',
    select: 'orders',
    values: { memoryMb: '1769' },
    lines: [],
    refusals: ['3 |  | programs of Pulumi are not edited | write memory_size=1769,'],
  },
  {
    file: 'sam/provisioned.yaml',
    select: 'Orders',
    values: { provisionedConcurrency: '8' },
    lines: [
      '-        ProvisionedConcurrentExecutions: 10   # since the sale',
      '+        ProvisionedConcurrentExecutions: 8   # since the sale',
    ],
  },
  {
    file: 'sam/provisioned.yaml',
    select: 'Mail',
    values: { provisionedConcurrency: '8' },
    lines: ['+      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }'],
  },
  {
    file: 'sam/provisioned.yaml',
    select: 'Mail',
    values: { provisionedConcurrency: '8' },
    options: { globals: true },
    lines: ['-      ProvisionedConcurrentExecutions: 2', '+      ProvisionedConcurrentExecutions: 8'],
  },
  {
    file: 'sam/provisioned.yaml',
    select: 'Quick',
    values: { provisionedConcurrency: '8' },
    lines: [],
    besides: [
      '27 |  | SnapStart is on, and Lambda takes no provisioned concurrency with it | write either SnapStart, or AutoPublishAlias: live, and ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }',
    ],
  },
  {
    file: 'sam/provisioned.yaml',
    select: 'Night',
    values: { memoryMb: '1769', provisionedConcurrency: '8' },
    lines: ['+      MemorySize: 1769'],
    besides: [
      '28 |  | no alias of it is written here, and it takes one | write AutoPublishAlias: live, and ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }',
    ],
  },
  {
    file: 'cloudformation/alias.yaml',
    select: 'Orders',
    values: { memoryMb: '1769', provisionedConcurrency: '8' },
    lines: [
      '-        Properties: { MemorySize: 512, Handler: a.b, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Code: { S3Bucket: b, S3Key: k } }',
      '+        Properties: { MemorySize: 1769, Handler: a.b, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Code: { S3Bucket: b, S3Key: k } }',
      '-                ProvisionedConcurrentExecutions: 20',
      '+                ProvisionedConcurrentExecutions: 8',
    ],
  },
  {
    file: 'cloudformation/alias.yaml',
    select: 'Mail',
    values: { provisionedConcurrency: '8' },
    lines: ['+            ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }'],
  },
  {
    file: 'cloudformation/alias.yaml',
    select: 'Given',
    values: { provisionedConcurrency: '8' },
    lines: [],
    refusals: [
      '36 | !Ref Warm | the parameter has no default that is written out: its value is given at deployment | the parameter Warm, line 3 | write Warm=8 for the deployment; or here: ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }',
    ],
  },
  {
    file: 'cloudformation/alias.yaml',
    select: 'Bare',
    values: { provisionedConcurrency: '8' },
    lines: [],
    besides: [
      '37 |  | no alias of it is written here, and it takes one | write in an AWS::Lambda::Alias of the function: ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }',
    ],
  },
  {
    file: 'cloudformation/tabs.json',
    select: 'Orders',
    values: { memoryMb: '1769', architecture: 'arm64', runtime: 'nodejs22.x', provisionedConcurrency: '8' },
    lines: [
      '+\t\t\t\t"Runtime": "nodejs22.x",',
      '-\t\t\t\t"MemorySize": 512,',
      '-\t\t\t\t"Architectures":\t["x86_64"]',
      '+\t\t\t\t"MemorySize": 1769,',
      '+\t\t\t\t"Architectures":\t["arm64"]',
      '+\t\t\t\t"ProvisionedConcurrencyConfig": { "ProvisionedConcurrentExecutions": 8 },',
    ],
  },
  {
    file: 'serverless/provisioned.yml',
    select: 'orders',
    values: { provisionedConcurrency: '8' },
    lines: ['-        provisionedConcurrency: 3 # until spring', '+        provisionedConcurrency: 8 # until spring'],
  },
  {
    file: 'serverless/provisioned.yml',
    select: 'mail',
    values: { provisionedConcurrency: '8' },
    lines: ['+        provisionedConcurrency: 8'],
  },
  {
    file: 'serverless/provisioned.yml',
    select: 'staged',
    values: { provisionedConcurrency: '8' },
    lines: [],
    refusals: [
      '14 | ${param:warm, 0} | it is a variable of the framework | the parameter warm, given when it is deployed | write provisionedConcurrency: 8',
    ],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'aws_lambda_function.orders',
    values: { memoryMb: '1769', provisionedConcurrency: '8' },
    lines: [
      '-  memory_size   = 1024',
      '+  memory_size   = 1769',
      '-  provisioned_concurrent_executions = 10 # peak',
      '+  provisioned_concurrent_executions = 8 # peak',
    ],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'aws_lambda_function.mail',
    values: { memoryMb: '1769', provisionedConcurrency: '8' },
    lines: ['+  memory_size   = 1769'],
    besides: [
      '19 |  | it is not written there yet | write resource "aws_lambda_provisioned_concurrency_config" with the function_name, the qualifier of an alias and provisioned_concurrent_executions = 8',
    ],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'aws_lambda_function.mail',
    values: { provisionedConcurrency: '8' },
    options: {
      neighbours: [
        {
          file: 'warm.tf',
          text: '\nresource "aws_lambda_provisioned_concurrency_config" "mail" {\n  function_name = aws_lambda_function.mail.function_name\n  provisioned_concurrent_executions = 2\n}\n',
        },
      ],
    },
    lines: [],
    besides: [
      '19 |  | it is written in warm.tf:2 | write resource "aws_lambda_provisioned_concurrency_config" with the function_name, the qualifier of an alias and provisioned_concurrent_executions = 8',
    ],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'aws_lambda_function.staged',
    values: { provisionedConcurrency: '8' },
    lines: [],
    refusals: ['29 | var.warm | it is an expression | var.warm | write provisioned_concurrent_executions = 8'],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'module.published',
    values: { provisionedConcurrency: '8' },
    lines: ['+  provisioned_concurrent_executions = 8'],
  },
  {
    file: 'terraform/provisioned.tf',
    select: 'module.unpublished',
    values: { memoryMb: '1769', provisionedConcurrency: '8' },
    lines: ['+  memory_size   = 1769'],
    besides: [
      '40 |  | the module publishes no version (publish = true) | write publish = true, and provisioned_concurrent_executions = 8',
    ],
  },
  ...(['ts', 'py'] as const).flatMap((language): readonly Case[] => {
    const isTs = language === 'ts';
    const file = `cdk/aliases.${language}`;
    return [
      {
        file,
        select: 'Orders',
        values: { memoryMb: '1769', snapStart: 'off', provisionedConcurrency: '8' },
        lines: isTs
          ? [
              '-\t\t\tmemorySize: 1_024,',
              '-\t\t\tsnapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS, // since May',
              '+\t\t\tmemorySize: 1769,',
              '+\t\t\tsnapStart: undefined, // since May',
              "-\t\tnew lambda.Alias(this, 'OrdersLive', { aliasName: 'live', version: orders.currentVersion, provisionedConcurrentExecutions: 10 });",
              "+\t\tnew lambda.Alias(this, 'OrdersLive', { aliasName: 'live', version: orders.currentVersion, provisionedConcurrentExecutions: 8 });",
            ]
          : [
              '-            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS,',
              '-            memory_size=1_024,',
              '+            snap_start=None,',
              '+            memory_size=1769,',
              '-                      provisioned_concurrent_executions=10)',
              '+                      provisioned_concurrent_executions=8)',
            ],
      },
      {
        file,
        select: 'Mail',
        values: { provisionedConcurrency: '8' },
        lines: isTs
          ? [
              "-\t\tthis.mail.addAlias('live', { provisionedConcurrentExecutions: 4 });",
              "+\t\tthis.mail.addAlias('live', { provisionedConcurrentExecutions: 8 });",
            ]
          : [
              '-        self.mail.add_alias("live", provisioned_concurrent_executions=4)',
              '+        self.mail.add_alias("live", provisioned_concurrent_executions=8)',
            ],
      },
      {
        file,
        select: 'Mail',
        values: { snapStart: 'on' },
        lines: [],
        refusals: [
          isTs
            ? '17 |  | it cannot be written as one literal | write snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,'
            : '16 |  | it cannot be written as one literal | write snap_start=_lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,',
        ],
      },
      {
        file,
        select: 'Versioned',
        values: { provisionedConcurrency: '8' },
        lines: isTs
          ? [
              "-\t\tnew lambda.Function(this, 'Versioned', { memorySize: 512, currentVersionOptions: { provisionedConcurrentExecutions: 2 } });",
              "+\t\tnew lambda.Function(this, 'Versioned', { memorySize: 512, currentVersionOptions: { provisionedConcurrentExecutions: 8 } });",
            ]
          : [
              '-            current_version_options=lambda_.VersionOptions(provisioned_concurrent_executions=2),',
              '+            current_version_options=lambda_.VersionOptions(provisioned_concurrent_executions=8),',
            ],
      },
      {
        file,
        select: 'Bare',
        values: { provisionedConcurrency: '8' },
        lines: [],
        besides: [
          isTs
            ? '20 |  | it is not written there yet | write in an alias of its current version: provisionedConcurrentExecutions: 8,'
            : '22 |  | it is not written there yet | write in an alias of its current version: provisioned_concurrent_executions=8,',
        ],
      },
      {
        file,
        select: 'Plain',
        values: {
          memoryMb: '1769',
          architecture: 'arm64',
          runtime: isTs ? 'nodejs24.x' : 'python3.13',
          snapStart: 'on',
        },
        lines: isTs
          ? [
              '-\t\t\tmemorySize: 512,',
              "-\t\t\tarchitectures: ['x86_64'],",
              "-\t\t\truntime: 'nodejs20.x',",
              '+\t\t\tmemorySize: 1769,',
              "+\t\t\tarchitectures: ['arm64'],",
              "+\t\t\truntime: 'nodejs24.x',",
            ]
          : [
              '-        lambda_.CfnFunction(self, "Plain", memory_size=512, architectures=["x86_64"], runtime="python3.12", code={})',
              '+        lambda_.CfnFunction(self, "Plain", memory_size=1769, architectures=["arm64"], runtime="python3.13", code={})',
            ],
        refusals: [
          isTs
            ? '21 |  | it is not written there yet | write snapStart: { applyOn: "PublishedVersions" },'
            : '23 |  | it is not written there yet | write snap_start=_lambda.CfnFunction.SnapStartProperty(apply_on="PublishedVersions"),',
        ],
      },
    ];
  }),
];
