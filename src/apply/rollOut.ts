import { shellQuote } from '../text/shellQuote.ts';
import type { Format } from './definition/definition.ts';

/** From the edited file to production, and back: lines to read and paste. Nothing here was run by tune. */
export interface NextSteps {
  readonly rollOut: readonly string[];
  readonly rollBack: readonly string[];
  /** How to see in production whether it came true. */
  readonly verify: string;
}

const stop = 'While traffic shifts: aws deploy stop-deployment --auto-rollback-enabled --deployment-id DEPLOYMENT_ID';

const ways = {
  SAM: {
    rollOut: [
      'AutoPublishAlias: live, AutoPublishAliasAllProperties: true and DeploymentPreference: { Type: Canary10Percent5Minutes } in the function shift an alias step by step',
      'sam build && sam deploy',
    ],
    rollBack: [stop, 'After that: git revert, then sam build && sam deploy'],
  },
  CloudFormation: {
    rollOut: [
      'aws cloudformation deploy --template-file …',
      'To shift step by step: an AWS::Lambda::Version, and an AWS::Lambda::Alias with RoutingConfig',
    ],
    rollBack: ['Point the alias back to the old version, or git revert and deploy again'],
  },
  'Serverless Framework': {
    rollOut: [
      'deploymentSettings: { type: Canary10Percent5Minutes, alias: Live } with the plugin serverless-plugin-canary-deployments shifts an alias step by step',
      'serverless deploy',
    ],
    rollBack: ['serverless rollback --timestamp TIMESTAMP, or git revert and serverless deploy'],
  },
  Terraform: {
    rollOut: [
      'publish = true, and an aws_lambda_alias with routing_config { additional_version_weights } shift step by step',
      'terraform plan, then terraform apply, once per weight',
    ],
    rollBack: ['function_version of the alias back to the old version without routing_config, then terraform apply'],
  },
  CDK: {
    rollOut: [
      'A lambda.Alias of fn.currentVersion with a codedeploy.LambdaDeploymentGroup (CANARY_10PERCENT_5MINUTES) shifts step by step',
      'cdk diff, then cdk deploy',
    ],
    rollBack: [stop, 'After that: git revert, then cdk deploy'],
  },
  Pulumi: {
    rollOut: [
      'publish: true, and an aws.lambda.Alias with routingConfig shift step by step',
      'pulumi preview, then pulumi up',
    ],
    rollBack: ['git revert, then pulumi up'],
  },
  SST: {
    rollOut: ['sst deploy --stage …: a stage for trying it first'],
    rollBack: ['git revert, then sst deploy'],
  },
} as const;

export function nextSteps(format: Format, functionName: string, region: string | undefined, today: Date): NextSteps {
  const [tool] = format.split(' (');
  const way = ways[tool as keyof typeof ways];
  const where = region === undefined ? '' : ` --region ${region}`;
  return {
    ...way,
    verify: `tune observe --function ${shellQuote(functionName)}${where} --since-change ${today.toISOString().slice(0, 10)}`,
  };
}
