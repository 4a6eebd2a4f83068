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
  const most = plan.environments;
  const actions = scheduleOf(plan);
  const least = Math.min(...actions.map(({ environments }) => environments));
  const isScheduled = actions.length > 0;
  const config = `ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: ${most}}`;
  return [
    {
      tool: 'SAM',
      lines: [
        `AutoPublishAlias: ${alias}`,
        config,
        ...(isScheduled ? ['and the ScalableTarget of CloudFormation beside the function'] : []),
      ],
    },
    {
      tool: 'CloudFormation',
      lines: [
        'AWS::Lambda::Alias:',
        `  ${config}`,
        ...(isScheduled
          ? [
              'AWS::ApplicationAutoScaling::ScalableTarget:',
              '  ServiceNamespace: lambda',
              '  ScalableDimension: lambda:function:ProvisionedConcurrency',
              `  ResourceId: !Sub "function:\${Function}:${alias}"`,
              `  MinCapacity: ${least}`,
              `  MaxCapacity: ${most}`,
              '  ScheduledActions:',
              ...actions.flatMap(({ name, hour, minute, environments: k }) => [
                `    - ScheduledActionName: ${name}`,
                `      Schedule: cron(${minute} ${hour} * * ? *)`,
                `      ScalableTargetAction: {MinCapacity: ${k}, MaxCapacity: ${k}}`,
              ]),
            ]
          : []),
      ],
    },
    {
      tool: 'CDK',
      lines: [
        "const alias = new lambda.Alias(this, 'Alias', {",
        `  aliasName: '${alias}',`,
        '  version: fn.currentVersion,',
        ...(isScheduled ? [] : [`  provisionedConcurrentExecutions: ${most},`]),
        '});',
        ...(isScheduled
          ? [
              `const capacity = alias.addAutoScaling({ minCapacity: ${least}, maxCapacity: ${most} });`,
              ...actions.flatMap(({ name, hour, minute, environments: k }) => [
                `capacity.scaleOnSchedule('${name}', {`,
                `  schedule: appscaling.Schedule.cron({ hour: '${hour}', minute: '${minute}' }),`,
                `  minCapacity: ${k},`,
                `  maxCapacity: ${k},`,
                '});',
              ]),
            ]
          : []),
      ],
    },
    {
      tool: 'Serverless Framework',
      lines: [
        `provisionedConcurrency: ${most}`,
        ...(isScheduled
          ? ['and the ScalableTarget of CloudFormation under resources,', 'of the alias that it makes: provisioned']
          : []),
      ],
    },
    {
      tool: 'Terraform',
      lines: [
        ...(isScheduled
          ? [
              'resource "aws_appautoscaling_target" "provisioned" {',
              ...hcl(
                ['service_namespace', '"lambda"'],
                ['scalable_dimension', '"lambda:function:ProvisionedConcurrency"'],
                ['resource_id', `"function:\${aws_lambda_function.this.function_name}:${alias}"`],
                ['min_capacity', least],
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
            ]
          : [
              'resource "aws_lambda_provisioned_concurrency_config" "this" {',
              ...hcl(
                ['function_name', 'aws_lambda_function.this.function_name'],
                ['qualifier', `"${alias}"`],
                ['provisioned_concurrent_executions', most],
              ),
              '}',
            ]),
      ],
    },
  ];
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
