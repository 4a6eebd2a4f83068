import { expect, it } from 'vitest';
import { deployedBy, wantedSteps } from '../../../src/migrate/steps/deployedBy.ts';
import { migrationSteps } from '../../../src/migrate/steps/steps.ts';

const stack = { 'aws:cloudformation:stack-name': 'shop-prod', 'aws:cloudformation:logical-id': 'Orders' };

it.each([
  ['SAM', { ...stack, 'lambda:createdBy': 'SAM' }],
  ['SAM', stack],
  ['Serverless Framework', { ...stack, 'aws:cloudformation:logical-id': 'OrdersLambdaFunction', STAGE: 'prod' }],
  ['SAM', { ...stack, STAGE: 'of something else' }],
  ['CDK', { ...stack, 'aws:cloudformation:logical-id': 'OrdersFunction1B7E6A2F' }],
  ['CDK', { ...stack, 'aws-cdk:id': 'Orders' }],
  ['AWS CLI', {}],
  ['AWS CLI', { team: 'shop', STAGE: 'prod' }],
] as const)('%s is told by its tags: %j', (tool, tags) => {
  expect(deployedBy(tags)).toBe(tool);
});

it('one tool’s steps are printed, or all', () => {
  const steps = migrationSteps({
    functionName: 'orders',
    qualifier: 'live',
    from: { architecture: 'x86_64', memoryMb: 512 },
    to: { architecture: 'arm64', memoryMb: 512 },
    code: { kind: 'zip', path: 'f.zip' },
    oldLayers: [],
  });
  const tools = (choice: Parameters<typeof wantedSteps>[1]) => [
    ...new Set(wantedSteps(steps, choice, stack).map(({ tool }) => tool)),
  ];
  expect(tools(undefined)).toEqual(['SAM']);
  expect(tools('cli')).toEqual(['AWS CLI']);
  expect(tools('serverless')).toEqual(['Serverless Framework']);
  expect(tools('cdk')).toEqual(['CDK']);
  expect(tools('terraform')).toEqual(['Terraform']);
  expect(wantedSteps(steps, 'all', {})).toEqual(steps);
});
