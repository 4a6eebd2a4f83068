import { stringify } from 'yaml';
import { asYaml, cleanupLines, type Emission, lines, mergeLines, rankLines } from './emission.ts';
import { cleanupMachine, fleetMachine } from './machine.ts';

/** Statements of IAM, as tune policy prints them. */
export type Statements = readonly object[];

const tune = 'node /app/bin/tune.js';
const sub = (text: string) => ({ 'Fn::Sub': text });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/**
 * A SAM template: a Distributed Map over the functions, one container for each. Deployed with TrustedRoleArn in another account it
 * makes nothing but the role that the containers assume there.
 */
export function stepFunctionsTemplate(emission: Emission, statements: Statements): string {
  const { role, otherRoles } = emission;
  const ownRole = role ?? arnOf('BuildRole');
  const assumable =
    otherRoles.length === 0 ? [] : [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [...otherRoles] }];
  const engine: Readonly<Record<string, object | undefined>> = {
    Work: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    },
    Builds: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Description: 'tune fleet: one container for each function',
        ServiceRole: ownRole,
        TimeoutInMinutes: 480,
        Source: { Type: 'S3', Location: sub('${Work}/in/'), BuildSpec: buildSpec(emission) },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        Environment: {
          Type: 'LINUX_CONTAINER',
          ComputeType: 'BUILD_GENERAL1_SMALL',
          Image: { Ref: 'Image' },
          ImagePullCredentialsType: 'SERVICE_ROLE',
          EnvironmentVariables: [
            { Name: 'STEP', Value: 'plan' },
            { Name: 'TOTAL_USD', Value: { Ref: 'MaxSpendUsd' } },
            { Name: 'IN_FLIGHT_EACH', Value: { Ref: 'InFlightEach' } },
          ],
        },
      },
    },
    BuildRole:
      role === undefined
        ? roleFor('codebuild.amazonaws.com', [...statements, ...assumable, ...buildStatements])
        : undefined,
    Fleet: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        Name: sub('${AWS::StackName}-fleet'),
        Definition: fleetMachine(emission),
        DefinitionSubstitutions: { Builds: { Ref: 'Builds' }, Bucket: { Ref: 'Work' } },
        Role: arnOf('FleetRole'),
      },
    },
    FleetRole: roleFor('states.amazonaws.com', fleetStatements),
    CleanUp: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        Definition: cleanupMachine(),
        DefinitionSubstitutions: { Builds: { Ref: 'Builds' } },
        Role: arnOf('CleanUpRole'),
        Events: {
          Stopped: {
            Type: 'EventBridgeRule',
            Properties: {
              Pattern: {
                source: ['aws.states'],
                'detail-type': ['Step Functions Execution Status Change'],
                detail: { status: ['ABORTED', 'TIMED_OUT'], stateMachineArn: [{ Ref: 'Fleet' }] },
              },
            },
          },
        },
      },
    },
    CleanUpRole: roleFor('states.amazonaws.com', startsBuilds),
  };
  return asYaml(
    [
      'Made by tune fleet emit step-functions. Deploy it with sam deploy --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM,',
      'put tune.config.json, payloads and, to measure just those, a fleet.json under in/ of the bucket, and start the state machine.',
      'In another account: the same template with TrustedRoleArn makes the role that the containers assume there, and nothing else.',
    ],
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Transform: 'AWS::Serverless-2016-10-31',
      Description: 'tune fleet on Step Functions',
      Parameters: {
        Image: {
          Type: 'String',
          Default: '',
          Description: 'The image of the Dockerfile of lambda-tune, in a registry',
        },
        MaxSpendUsd: { Type: 'Number', Default: emission.maxSpendUsd, Description: 'Of all functions together' },
        InFlightEach: {
          Type: 'Number',
          Default: 10,
          Description: `Invocations at once of each container; ${emission.shards} containers run side by side`,
        },
        TrustedRoleArn: {
          Type: 'String',
          Default: '',
          Description: 'In another account: the role of the containers, which may assume the one made here',
        },
      },
      Conditions: {
        IsEngine: { 'Fn::Equals': [{ Ref: 'TrustedRoleArn' }, ''] },
        IsOther: { 'Fn::Not': [{ Condition: 'IsEngine' }] },
      },
      Resources: {
        ...Object.fromEntries(
          Object.entries(engine)
            .filter(([, resource]) => resource !== undefined)
            .map(([id, resource]) => [id, { ...resource, Condition: 'IsEngine' }]),
        ),
        AccountRole: {
          ...roleFor('', statements, { AWS: { Ref: 'TrustedRoleArn' } }),
          Condition: 'IsOther',
        },
      },
      Outputs: {
        StateMachine: { Condition: 'IsEngine', Value: { Ref: 'Fleet' } },
        Bucket: { Condition: 'IsEngine', Value: { Ref: 'Work' } },
        RoleOfContainers: { Condition: 'IsEngine', Value: ownRole },
        RoleToAssume: { Condition: 'IsOther', Value: arnOf('AccountRole') },
      },
    },
  );
}

function roleFor(service: string, statements: Statements, principal: object = { Service: service }): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'tune', PolicyDocument: { Version: '2012-10-17', Statement: [...statements] } }],
    },
  };
}

const allow = (Action: readonly string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const objects = (prefix: string) => sub(`arn:\${AWS::Partition}:s3:::\${Work}/${prefix}*`);
const bucket = sub('arn:${AWS::Partition}:s3:::${Work}');

/** Its log, its bucket, and its image where that lies in this account. */
const buildStatements: Statements = [
  allow(
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    sub('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/codebuild/*'),
  ),
  allow(['s3:GetObject', 's3:GetObjectVersion'], ['in/', 'plan/', 'runs/'].map(objects)),
  allow(['s3:PutObject'], ['plan/', 'runs/', 'portfolio/'].map(objects)),
  allow(['s3:ListBucket', 's3:GetBucketLocation', 's3:GetBucketAcl'], bucket),
  allow(['ecr:GetAuthorizationToken'], '*'),
  allow(
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    sub('arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/*'),
  ),
];

/** The rule is that of Step Functions itself: how it hears that a build has ended. */
const startsBuilds: Statements = [
  allow(['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'], arnOf('Builds')),
  allow(
    ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    sub(
      'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventForCodeBuildStartBuildRule',
    ),
  ),
];

const named = (kind: string, rest = '') =>
  sub(`arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:${kind}:\${AWS::StackName}-fleet${rest}`);

const fleetStatements: Statements = [
  ...startsBuilds,
  // A Distributed Map starts executions of its own machine.
  allow(['states:StartExecution'], named('stateMachine')),
  allow(['states:DescribeExecution', 'states:StopExecution'], named('execution', '*')),
  allow(['s3:GetObject'], objects('plan/')),
  allow(['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], objects('results')),
];

/** Each gets its share of the cap; as `--shard i/n` divides it by what runs side by side, that is multiplied in. */
const items = (shards: number) =>
  `const { functions } = JSON.parse(require("node:fs").readFileSync("plan.json", "utf8")); const usd = (Number(require("node:process").env.TOTAL_USD) * ${shards}) / Math.max(1, functions.length); console.log(JSON.stringify(functions.map((one) => ({ functionArn: one.functionArn, name: [one.functionName, one.accountId, one.region].join("."), maxSpendUsd: usd.toFixed(6) }))))`;

function buildSpec(emission: Emission): string {
  const { shards } = emission;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [
      'plan',
      [...rankLines(tune, emission), `node -e '${items(shards)}' > out/items.json`, 'cp fleet.json out/fleet.json'],
    ],
    [
      'measure',
      [
        `${tune} fleet run "$CODEBUILD_SRC_DIR_plan/fleet.json" --only "$FUNCTION_ARN" --shard 1/${shards} --out out --max-spend-usd "$MAX_SPEND_USD" --max-in-flight "$((IN_FLIGHT_EACH * ${shards}))"`,
      ],
    ],
    [
      'merge',
      [
        'here=$PWD',
        'cd "$CODEBUILD_SRC_DIR_runs"',
        ...mergeLines(tune, '*/'),
        'mv portfolio.json fleet.html fleet.md "$here/out"',
      ],
    ],
    ['clean', ['(', ...cleanupLines(tune, emission), ')']],
  ];
  const chosen = steps.flatMap(([step, does]) => [`${step})`, ...does.map((line) => `  ${line}`), '  ;;']);
  return stringify(
    {
      version: 0.2,
      env: { variables: { TUNE_STATE_DIR: '/tmp/tune-state' } },
      phases: {
        build: { commands: [lines('set -e', 'mkdir -p out', 'case "$STEP" in', ...chosen, 'esac')] },
        // It is reached where the build failed, too: what is left by this container is removed by its journal.
        post_build: { commands: [`${tune} cleanup --yes`] },
      },
      artifacts: { 'base-directory': 'out', files: ['**/*'] },
    },
    { lineWidth: 0 },
  );
}
