import { shellQuote } from '../../text/shellQuote.ts';
import { aliasOf, isAlias, type MigrationPlan, type MigrationStep } from './migrationPlan.ts';

/**
 * Commands for one shell session: OLD and NEW hold the versions. Nothing that callers use changes until the alias is
 * shifted, and $LATEST is theirs only where they call it unqualified.
 */
export function awsCliSteps(plan: MigrationPlan): MigrationStep[] {
  const steps: (Omit<MigrationStep, 'tool'> | undefined)[] = [
    isAlias(plan.qualifier) ? readOldVersion(plan) : keepOldVersion(plan),
    isAlias(plan.qualifier) ? undefined : moveCallers(plan),
    publish(plan),
    provision(plan),
    rollOut(plan),
    rollBack(plan),
    tidy(plan),
  ];
  return steps.filter((step) => step !== undefined).map((step) => ({ tool: 'AWS CLI', ...step }));
}

function readOldVersion(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  return {
    phase: 'prepare',
    title: 'Remember the version that serves now',
    lines: [
      `OLD=$(${aws(plan, 'get-alias', '--name', aliasOf(plan), '--query', 'FunctionVersion', '--output', 'text')})`,
    ],
  };
}

function keepOldVersion(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  const alias = aliasOf(plan);
  const isLatest = plan.qualifier === '$LATEST';
  return {
    phase: 'prepare',
    title: 'Keep what serves now as a version, with an alias that points to it',
    lines: [
      isLatest
        ? `OLD=$(${aws(plan, 'publish-version', '--query', 'Version', '--output', 'text')})`
        : `OLD=${shellQuote(plan.qualifier)}`,
      `${aws(plan, 'create-alias', '--name', alias)} --function-version "$OLD"`,
    ],
    note: isLatest
      ? 'A change of $LATEST in place is two calls, code with its architecture and then layers: callers would meet the one with the other in between.'
      : undefined,
  };
}

function moveCallers(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  const alias = aliasOf(plan);
  return {
    phase: 'prepare',
    title: `Let callers and event sources name the alias ${alias}`,
    lines: [
      aws(plan, 'list-event-source-mappings', '--query', 'EventSourceMappings[].UUID', '--output', 'text'),
      `aws lambda update-event-source-mapping${region(plan)} --uuid UUID --function-name ${shellQuote(`${plan.functionName}:${alias}`)}`,
      `${aws(plan, 'get-policy', '--query', 'Policy', '--output', 'text')}`,
    ],
    note: `Permissions belong to a qualifier: repeat each statement of the policy with add-permission --qualifier ${alias} before API Gateway, S3, SNS or EventBridge call it.`,
  };
}

function publish(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  const wait = aws(plan, 'wait function-updated-v2');
  const configuration = [
    ...(plan.from.memoryMb === plan.to.memoryMb ? [] : ['--memory-size', String(plan.to.memoryMb)]),
    ...(plan.newLayers === undefined ? [] : ['--layers', ...plan.newLayers]),
  ];
  return {
    phase: 'prepare',
    title: `Publish a version for ${plan.to.architecture}`,
    lines: [
      aws(plan, 'update-function-code', '--architectures', plan.to.architecture, ...codeArguments(plan)),
      wait,
      ...(configuration.length === 0 ? [] : [aws(plan, 'update-function-configuration', ...configuration), wait]),
      `NEW=$(${aws(plan, 'publish-version', '--description', plan.to.architecture, '--query', 'Version', '--output', 'text')})`,
      `${aws(plan, 'wait published-version-active')} --qualifier "$NEW"`,
    ],
    note: `This changes $LATEST, not what the alias ${aliasOf(plan)} serves.`,
  };
}

/** An alias with weights refuses provisioned concurrency and the other way round, so it is put on the versions. */
function provision(plan: MigrationPlan): Omit<MigrationStep, 'tool'> | undefined {
  const count = plan.provisionedConcurrency;
  if (count === undefined) return undefined;
  const put = aws(plan, 'put-provisioned-concurrency-config', '--provisioned-concurrent-executions', String(count));
  const status = aws(plan, 'get-provisioned-concurrency-config', '--query', 'Status', '--output', 'text');
  return {
    phase: 'prepare',
    title: 'Provision the new version before it gets traffic',
    lines: [
      `${put} --qualifier "$NEW"`,
      `until [ "$(${status} --qualifier "$NEW")" = READY ]; do sleep 10; done`,
      `# Only if it is configured on the alias, at a quiet time:`,
      `${aws(plan, 'delete-provisioned-concurrency-config', '--qualifier', aliasOf(plan))} && ${put} --qualifier "$OLD"`,
    ],
    note: 'Provisioned concurrency belongs to the old version and does not move by itself; both are paid while both exist. Lambda refuses it on an alias with weights ("Alias with weights can not be used with Provisioned Concurrency").',
  };
}

function rollOut(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  return {
    phase: 'rollOut',
    title: 'Shift traffic: 5 %, half, all; look at errors and durations between the lines',
    lines: [
      updateAlias(plan, `--function-version "$OLD" --routing-config "AdditionalVersionWeights={$NEW=0.05}"`),
      updateAlias(plan, `--function-version "$OLD" --routing-config "AdditionalVersionWeights={$NEW=0.5}"`),
      updateAlias(plan, `--function-version "$NEW" --routing-config "AdditionalVersionWeights={}"`),
    ],
  };
}

function rollBack(plan: MigrationPlan): Omit<MigrationStep, 'tool'> {
  return {
    phase: 'rollBack',
    title: 'Back, at any time: one call, effective within seconds',
    lines: [updateAlias(plan, `--function-version "$OLD" --routing-config "AdditionalVersionWeights={}"`)],
    note: `$LATEST stays on ${plan.to.architecture} then: deploy the old package before the next release.`,
  };
}

function tidy(plan: MigrationPlan): Omit<MigrationStep, 'tool'> | undefined {
  if (plan.provisionedConcurrency === undefined) return undefined;
  return {
    phase: 'rollOut',
    title: 'When the old version serves nothing any more',
    lines: [`${aws(plan, 'delete-provisioned-concurrency-config')} --qualifier "$OLD"`],
  };
}

function updateAlias(plan: MigrationPlan, rest: string): string {
  return `${aws(plan, 'update-alias', '--name', aliasOf(plan))} ${rest}`;
}

/** `operation` may be two words (`wait …`); everything else is quoted where it must be. */
function aws(plan: MigrationPlan, operation: string, ...rest: readonly string[]): string {
  const quoted = rest.map((argument) => ` ${shellQuote(argument)}`).join('');
  return `aws lambda ${operation} --function-name ${shellQuote(plan.functionName)}${region(plan)}${quoted}`;
}

function region({ region: name }: MigrationPlan): string {
  return name === undefined ? '' : ` --region ${shellQuote(name)}`;
}

function codeArguments({ code }: MigrationPlan): string[] {
  switch (code.kind) {
    case 'zip':
      return ['--zip-file', `fileb://${code.path}`];
    case 's3':
      return ['--s3-bucket', code.bucket, '--s3-key', code.key];
    case 'image':
      return ['--image-uri', code.uri];
  }
}
