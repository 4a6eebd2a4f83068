import type { ProvisionedPlan } from '../model/traffic.ts';

/** The lines of a tool that keeps infrastructure as code; names of resources are the user's own. */
export interface ProvisioningSetting {
  readonly tool: 'SAM' | 'CloudFormation' | 'CDK' | 'Serverless Framework' | 'Terraform';
  readonly lines: readonly string[];
}

interface Action {
  readonly name: string;
  readonly hour: number;
  readonly minute: number;
  readonly environments: number;
}

/** A number of environments, the same at all times or by time of day (UTC). `alias` is plain: letters, digits, - and _. */
export function provisioningSettings(plan: ProvisionedPlan, alias: string): readonly ProvisioningSetting[] {
  const wanted = { alias, most: plan.environments, actions: scheduleOf(plan) };
  return [
    { tool: 'SAM', lines: samLines(wanted) },
    { tool: 'CloudFormation', lines: cloudFormationLines(wanted) },
    { tool: 'CDK', lines: cdkLines(wanted) },
    { tool: 'Serverless Framework', lines: serverlessLines(wanted) },
    { tool: 'Terraform', lines: terraformLines(wanted) },
  ];
}

/** `actions` is empty where the number is the same at all times. */
interface Wanted {
  readonly alias: string;
  readonly most: number;
  readonly actions: readonly Action[];
}

function samLines({ alias, most, actions }: Wanted): readonly string[] {
  return [
    `AutoPublishAlias: ${alias}`,
    concurrencyConfig(most),
    ...(actions.length > 0 ? ['and the ScalableTarget of CloudFormation beside the function'] : []),
  ];
}

function cloudFormationLines({ alias, most, actions }: Wanted): readonly string[] {
  const aliasLines = ['AWS::Lambda::Alias:', `  ${concurrencyConfig(most)}`];
  if (actions.length === 0) return aliasLines;
  return [
    ...aliasLines,
    'AWS::ApplicationAutoScaling::ScalableTarget:',
    '  ServiceNamespace: lambda',
    '  ScalableDimension: lambda:function:ProvisionedConcurrency',
    `  ResourceId: !Sub "function:\${Function}:${alias}"`,
    `  MinCapacity: ${leastOf(actions)}`,
    `  MaxCapacity: ${most}`,
    '  ScheduledActions:',
    ...actions.flatMap(({ name, hour, minute, environments: k }) => [
      `    - ScheduledActionName: ${name}`,
      `      Schedule: cron(${minute} ${hour} * * ? *)`,
      `      ScalableTargetAction: {MinCapacity: ${k}, MaxCapacity: ${k}}`,
    ]),
  ];
}

function cdkLines({ alias, most, actions }: Wanted): readonly string[] {
  const isScheduled = actions.length > 0;
  return [
    "const alias = new lambda.Alias(this, 'Alias', {",
    `  aliasName: '${alias}',`,
    '  version: fn.currentVersion,',
    ...(isScheduled ? [] : [`  provisionedConcurrentExecutions: ${most},`]),
    '});',
    ...(isScheduled
      ? [`const capacity = alias.addAutoScaling({ minCapacity: ${leastOf(actions)}, maxCapacity: ${most} });`]
      : []),
    ...actions.flatMap(({ name, hour, minute, environments: k }) => [
      `capacity.scaleOnSchedule('${name}', {`,
      `  schedule: appscaling.Schedule.cron({ hour: '${hour}', minute: '${minute}' }),`,
      `  minCapacity: ${k},`,
      `  maxCapacity: ${k},`,
      '});',
    ]),
  ];
}

function serverlessLines({ most, actions }: Wanted): readonly string[] {
  return [
    `provisionedConcurrency: ${most}`,
    ...(actions.length > 0
      ? ['and the ScalableTarget of CloudFormation under resources,', 'of the alias that it makes: provisioned']
      : []),
  ];
}

function terraformLines({ alias, most, actions }: Wanted): readonly string[] {
  if (actions.length === 0) {
    return [
      'resource "aws_lambda_provisioned_concurrency_config" "this" {',
      ...hcl(
        ['function_name', 'aws_lambda_function.this.function_name'],
        ['qualifier', `"${alias}"`],
        ['provisioned_concurrent_executions', most],
      ),
      '}',
    ];
  }
  return [
    'resource "aws_appautoscaling_target" "provisioned" {',
    ...hcl(
      ['service_namespace', '"lambda"'],
      ['scalable_dimension', '"lambda:function:ProvisionedConcurrency"'],
      ['resource_id', `"function:\${aws_lambda_function.this.function_name}:${alias}"`],
      ['min_capacity', leastOf(actions)],
      ['max_capacity', most],
    ),
    '}',
    ...actions.flatMap(({ name, hour, minute, environments: k }) => [
      `resource "aws_appautoscaling_scheduled_action" "${name}" {`,
      ...hcl(
        ['name', `"${name}"`],
        ['schedule', `"cron(${minute} ${hour} * * ? *)"`],
        ['service_namespace', '"lambda"'],
        ['scalable_dimension', '"lambda:function:ProvisionedConcurrency"'],
        ['resource_id', 'aws_appautoscaling_target.provisioned.resource_id'],
      ),
      '  scalable_target_action {',
      ...hcl(['min_capacity', k], ['max_capacity', k]).map((line) => `  ${line}`),
      '  }',
      '}',
    ]),
  ];
}

/** As SAM and CloudFormation write it. */
function concurrencyConfig(environments: number): string {
  return `ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: ${environments}}`;
}

function leastOf(actions: readonly Action[]): number {
  return Math.min(...actions.map(({ environments }) => environments));
}

/** One argument a line. */
function hcl(...args: readonly (readonly [string, string | number])[]): readonly string[] {
  return args.map(([key, text]) => `  ${key} = ${text}`);
}

function scheduleOf({ schedule = [] }: ProvisionedPlan): readonly Action[] {
  return schedule.map(({ from, environments }) => {
    const [hour = 0, minute = 0] = from.split(':').map(Number);
    return { name: `tune-${from.replace(':', '')}`, hour, minute, environments };
  });
}
