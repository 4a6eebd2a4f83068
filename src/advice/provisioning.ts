import type { TuningResult } from '../model/run.ts';
import type { ProvisionedAdvice, ProvisionedPlan } from '../model/traffic.ts';
import { type ProvisioningSetting, provisioningSettings } from './provisioningSettings.ts';

/** How the cheapest number of provisioned environments is put into effect. Printed, never run. */
export interface ProvisioningSteps {
  readonly commands: readonly (readonly string[])[];
  readonly settings: readonly ProvisioningSetting[];
}

/** It needs a version or an alias: `$LATEST` cannot have any. */
const someAlias = 'ALIAS';

/** Undefined where none is the cheapest, and for a path, which has no deployed function. */
export function provisioningSteps(result: TuningResult, advice: ProvisionedAdvice): ProvisioningSteps | undefined {
  const plan = advice.cheapest === 'none' ? undefined : advice[advice.cheapest];
  if (plan === undefined || result.target.path !== undefined) return undefined;
  const { functionName, qualifier, region } = result.target;
  const alias = qualifier === '$LATEST' ? someAlias : qualifier;
  const where = region === undefined ? [] : ['--region', region];
  const most = plan.environments;
  const commands =
    plan.schedule === undefined
      ? [
          ['aws', 'lambda', 'put-provisioned-concurrency-config', '--function-name', functionName, '--qualifier', alias]
            .concat(['--provisioned-concurrent-executions', String(most)])
            .concat(where),
        ]
      : scheduledCommands(`function:${functionName}:${alias}`, plan, plan.schedule, where);
  return {
    commands,
    settings: provisioningSettings(
      plan,
      /^[A-Za-z0-9_-]{1,128}$/.test(alias) && !/^\d+$/.test(alias) ? alias : someAlias,
    ),
  };
}

function scheduledCommands(
  resource: string,
  plan: ProvisionedPlan,
  schedule: NonNullable<ProvisionedPlan['schedule']>,
  where: readonly string[],
): readonly (readonly string[])[] {
  const target = [
    ...['--service-namespace', 'lambda', '--resource-id', resource],
    ...['--scalable-dimension', 'lambda:function:ProvisionedConcurrency'],
    ...where,
  ];
  const least = Math.min(...schedule.map(({ environments }) => environments));
  const command = ['aws', 'application-autoscaling'];
  return [
    [
      ...command,
      'register-scalable-target',
      ...target,
      ...['--min-capacity', String(least), '--max-capacity', String(plan.environments)],
    ],
    ...schedule.map(({ from, environments }) => {
      const [hour, minute] = from.split(':').map(Number);
      return [
        ...command,
        'put-scheduled-action',
        ...target,
        ...['--scheduled-action-name', `tune-${from.replace(':', '')}`],
        ...['--schedule', `cron(${minute} ${hour} * * ? *)`],
        // That 0 is taken as the least capacity is not verified [memory].
        ...['--scalable-target-action', `MinCapacity=${environments},MaxCapacity=${environments}`],
      ];
    }),
  ];
}
