import { aliasOf, changedSettingLines, type MigrationPlan, type MigrationStep } from './migrationPlan.ts';

/*
 * Each tool in its own way to publish a version per deployment and to shift an alias by weights (CodeDeploy, or weights
 * written out). Rolling back is always the old settings and packages, deployed again.
 */

/** AWS SAM: AutoPublishAlias and DeploymentPreference. */
export function samSteps(plan: MigrationPlan): MigrationStep[] {
  const { newLayers, provisionedConcurrency: provisioned } = plan;
  return [
    {
      tool: 'SAM',
      phase: 'rollOut',
      title: 'Properties of the function in template.yaml',
      lines: [
        ...changedSettingLines('SAM', plan),
        ...(newLayers === undefined ? [] : ['Layers:', ...newLayers.map((arn) => `  - ${yamlText(arn)}`)]),
        `AutoPublishAlias: ${yamlText(aliasOf(plan))}`,
        // Without it a version is published only when CodeUri changes.
        'AutoPublishAliasAllProperties: true',
        'DeploymentPreference:',
        '  Type: Canary10Percent5Minutes',
        ...(provisioned === undefined
          ? []
          : ['ProvisionedConcurrencyConfig:', `  ProvisionedConcurrentExecutions: ${provisioned}`]),
      ],
      note: 'Then: sam build --use-container && sam deploy',
    },
    {
      tool: 'SAM',
      phase: 'rollBack',
      title: 'Back',
      lines: ['aws deploy stop-deployment --auto-rollback-enabled --deployment-id DEPLOYMENT_ID'],
      note: 'While traffic is shifting; after that put the old properties back and run sam build && sam deploy.',
    },
  ];
}

/** Serverless Framework: the plugin that brings CodeDeploy. */
export function serverlessSteps(plan: MigrationPlan): MigrationStep[] {
  const { newLayers, provisionedConcurrency: provisioned } = plan;
  return [
    {
      tool: 'Serverless Framework',
      phase: 'rollOut',
      title: 'The function in serverless.yml, with the plugin serverless-plugin-canary-deployments',
      lines: [
        ...changedSettingLines('Serverless Framework', plan),
        ...(newLayers === undefined ? [] : ['layers:', ...newLayers.map((arn) => `  - ${yamlText(arn)}`)]),
        'deploymentSettings:',
        '  type: Canary10Percent5Minutes',
        `  alias: ${yamlText(aliasOf(plan))}`,
        ...(provisioned === undefined ? [] : [`provisionedConcurrency: ${provisioned}`]),
      ],
      note: `Then: serverless deploy. Without the plugin every event calls $LATEST, which is changed in place${newLayers === undefined ? '.' : ', and the layers differ: do not deploy it so.'}`,
    },
    {
      tool: 'Serverless Framework',
      phase: 'rollBack',
      title: 'Back',
      lines: ['serverless deploy list', 'serverless rollback --timestamp TIMESTAMP'],
    },
  ];
}

/** AWS CDK: currentVersion, Alias and LambdaDeploymentGroup. */
export function cdkSteps(plan: MigrationPlan): MigrationStep[] {
  const { newLayers, provisionedConcurrency: provisioned } = plan;
  const alias = aliasOf(plan);
  return [
    {
      tool: 'CDK',
      phase: 'rollOut',
      title: 'Properties of the function, and an alias of its current version',
      lines: [
        ...changedSettingLines('CDK', plan),
        ...(newLayers === undefined
          ? []
          : [
              'layers: [',
              ...newLayers.map(
                (arn, index) => `  lambda.LayerVersion.fromLayerVersionArn(this, 'Layer${index + 1}', ${quoted(arn)}),`,
              ),
              '],',
            ]),
        "const alias = new lambda.Alias(this, 'Live', {",
        `  aliasName: ${quoted(alias)},`,
        '  version: fn.currentVersion,',
        ...(provisioned === undefined ? [] : [`  provisionedConcurrentExecutions: ${provisioned},`]),
        '});',
        "new codedeploy.LambdaDeploymentGroup(this, 'Deployment', {",
        '  alias,',
        '  deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,',
        '});',
      ],
      note: 'Then: cdk deploy. Callers and event sources take the alias instead of the function.',
    },
    {
      tool: 'CDK',
      phase: 'rollBack',
      title: 'Back',
      lines: ['aws deploy stop-deployment --auto-rollback-enabled --deployment-id DEPLOYMENT_ID'],
      note: 'While traffic is shifting; after that put the old properties back and run cdk deploy.',
    },
  ];
}

/** Terraform: publish and an alias whose weights are written out. */
export function terraformSteps(plan: MigrationPlan): MigrationStep[] {
  const { newLayers, provisionedConcurrency: provisioned } = plan;
  const alias = aliasOf(plan);
  return [
    {
      tool: 'Terraform',
      phase: 'rollOut',
      title: 'In aws_lambda_function, and its alias',
      lines: [
        ...changedSettingLines('Terraform', plan),
        ...(newLayers === undefined ? [] : [`layers = [${newLayers.map(hclText).join(', ')}]`]),
        'publish = true',
        `resource "aws_lambda_alias" "live" {`,
        `  name             = ${hclText(alias)}`,
        '  function_name    = aws_lambda_function.this.function_name',
        '  function_version = "OLD" # the version that serves now; the new one when all goes well',
        '  routing_config {',
        '    additional_version_weights = { (aws_lambda_function.this.version) = 0.05 } # then 0.5',
        '  }',
        '}',
        ...(provisioned === undefined
          ? []
          : [
              'resource "aws_lambda_provisioned_concurrency_config" "new" {',
              '  function_name                     = aws_lambda_function.this.function_name',
              '  qualifier                         = aws_lambda_function.this.version',
              `  provisioned_concurrent_executions = ${provisioned}`,
              '  # The old version keeps its own until it serves nothing.',
              '}',
            ]),
      ],
      note: 'Then: terraform apply, once per weight. At the end function_version is the new version and routing_config goes.',
    },
    {
      tool: 'Terraform',
      phase: 'rollBack',
      title: 'Back',
      lines: [
        `# in aws_lambda_alias: function_version = "OLD", without routing_config`,
        'terraform apply -target=aws_lambda_alias.live',
      ],
    },
  ];
}

/** A JSON string is a string of JavaScript as well. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** And of HCL, where `${` and `%{` begin a template. */
function hclText(text: string): string {
  return quoted(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** Plain where YAML reads it as nothing else. */
function yamlText(text: string): string {
  return /^[A-Za-z][\w:/.-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
