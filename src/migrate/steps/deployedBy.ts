import type { MigrationStep } from './migrationPlan.ts';

/** The words of `--steps`. */
const stepTools = {
  cli: 'AWS CLI',
  sam: 'SAM',
  serverless: 'Serverless Framework',
  cdk: 'CDK',
  terraform: 'Terraform',
} as const satisfies Record<string, MigrationStep['tool']>;

export type StepsChoice = keyof typeof stepTools | 'all';

/**
 * The tool that deployed a function, by the tags that it and CloudFormation leave. Terraform leaves none. Nobody checked
 * this against an account: it picks the steps that are shown first, and `--steps` says otherwise.
 */
export function deployedBy(tags: Readonly<Record<string, string>>): MigrationStep['tool'] {
  const stack = tags['aws:cloudformation:stack-name'];
  const logicalId = tags['aws:cloudformation:logical-id'] ?? '';
  // SAM's transform tags every function that it makes.
  if (tags['lambda:createdBy'] === 'SAM') return 'SAM';
  const isServerless = tags.STAGE !== undefined && stack?.endsWith(`-${tags.STAGE}`) === true;
  if (isServerless) return 'Serverless Framework';
  // The CDK's logical ids end in a hash of eight digits.
  const isCdk =
    Object.keys(tags).some((key) => /^(?:aws:cdk:|aws-cdk:|cdk:)/.test(key)) || /[0-9A-F]{8}$/.test(logicalId);
  if (isCdk) return 'CDK';
  // A template by hand has the same properties as SAM's.
  return stack === undefined ? 'AWS CLI' : 'SAM';
}

export function wantedSteps(
  steps: readonly MigrationStep[],
  choice: StepsChoice | undefined,
  tags: Readonly<Record<string, string>>,
): readonly MigrationStep[] {
  if (choice === 'all') return steps;
  const tool = choice === undefined ? deployedBy(tags) : stepTools[choice];
  return steps.filter((step) => step.tool === tool);
}
