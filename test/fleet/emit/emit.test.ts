import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Emission } from '../../../src/fleet/emit/emission.ts';
import { githubWorkflow } from '../../../src/fleet/emit/github.ts';
import { gitlabChild, gitlabPipeline } from '../../../src/fleet/emit/gitlab.ts';
import { cleanupMachine, fleetMachine } from '../../../src/fleet/emit/machine.ts';
import { stepFunctionsTemplate } from '../../../src/fleet/emit/stepFunctions.ts';

const other = 'arn:aws:iam::222222222222:role/tune';
const emission: Emission = {
  shards: 3,
  maxSpendUsd: 6,
  regions: ['us-east-1', 'eu-west-1'],
  role: 'arn:aws:iam::111111111111:role/ci',
  otherRoles: [other],
  toolVersion: '1.2.3',
};

describe('a workflow of GitHub', () => {
  const workflow = parse(githubWorkflow(emission));

  it('plans, measures in a matrix that the plan made, cleans up always, and merges', () => {
    const { plan, measure, merge } = workflow.jobs;
    expect(measure.strategy).toEqual({
      'fail-fast': false,
      matrix: { part: '${{ fromJSON(needs.plan.outputs.parts) }}' },
    });
    expect(plan.outputs).toEqual({ parts: '${{ steps.plan.outputs.parts }}', of: '${{ steps.plan.outputs.of }}' });
    const always = measure.steps.filter((step: { if?: string }) => step.if === 'always()');
    expect(always.map((step: { name: string }) => step.name)).toEqual(['Clean up', 'Keep what was measured']);
    expect(merge.needs).toEqual(['plan', 'measure']);
  });

  it('takes the role by OpenID Connect, and names the others to the ranking and the clean-up', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const text = JSON.stringify(workflow);
    expect(text).toContain(`fleet rank --region us-east-1,eu-west-1 --assume-role ${other} --json`);
    expect(text).toContain(`cleanup --yes --assume-role ${other}`);
    expect(parse(githubWorkflow({ ...emission, role: undefined })).permissions).toEqual({ contents: 'read' });
  });
});

describe('a pipeline of GitLab', () => {
  it('hands on to the child pipeline that its plan wrote', () => {
    const pipeline = parse(gitlabPipeline(emission));
    expect(pipeline['tune-measure'].trigger).toEqual({
      include: [{ artifact: 'tune-child.yml', job: 'tune-plan' }],
      strategy: 'depend',
    });
    expect(pipeline['tune-plan'].script[0]).toContain(
      `fleet emit gitlab-child --shards "$parts" --role ${emission.role} --assume-role ${other} > tune-child.yml`,
    );
  });

  it('has a part for each of the matrix, which cleans up after it, also where it was cancelled', () => {
    const child = parse(gitlabChild(emission));
    const part = child['tune-part'];
    expect(part.parallel).toEqual({ matrix: [{ PART: ['1', '2', '3'] }] });
    expect(part.script).toEqual([
      'exec node node_modules/lambda-tune/bin/tune.js fleet run fleet.json --shard "$PART/3" --out "runs-$PART" --max-spend-usd "$MAX_SPEND_USD"',
    ]);
    // A shell of its own: it signs in again.
    expect(part.after_script[0]).toContain('AWS_ROLE_ARN=arn:aws:iam::111111111111:role/ci');
    expect(part.after_script[1]).toContain('cleanup --yes');
    expect(part.artifacts.when).toBe('always');
  });
});

describe('a template of Step Functions', () => {
  const statements = [{ Effect: 'Allow', Action: ['lambda:GetFunction'], Resource: ['*'] }];
  const template = (changes: Partial<Emission> = {}) =>
    parse(stepFunctionsTemplate({ ...emission, role: undefined, ...changes }, statements));

  it('has machines that are Amazon States Language', () => {
    for (const machine of [fleetMachine(emission), cleanupMachine()]) {
      const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(machine)));
      expect(isValid ? '' : errorsText('\n')).toBe('');
    }
    expect(validate(JSON.parse(JSON.stringify({ ...fleetMachine(emission), StartAt: undefined }))).isValid).toBe(false);
  });

  it('maps over items in the bucket, so many at a time, and cleans up where it fails or is stopped', () => {
    const { Fleet, CleanUp } = template().Resources;
    const { Measure } = Fleet.Properties.Definition.States;
    expect(Measure).toMatchObject({
      Type: 'Map',
      MaxConcurrency: 3,
      ToleratedFailurePercentage: 50,
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject' },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'WaitForLeases' }],
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } },
    });
    expect(CleanUp.Properties.Events.Stopped.Properties.Pattern.detail.status).toEqual(['ABORTED', 'TIMED_OUT']);
  });

  it('makes in another account the role that its containers assume, and nothing else', () => {
    const { Resources } = template();
    const conditions = Object.entries(Resources).map(([id, resource]) => [
      id,
      (resource as { Condition: string }).Condition,
    ]);
    expect(conditions.filter(([, condition]) => condition === 'IsOther')).toEqual([['AccountRole', 'IsOther']]);
    expect(conditions.filter(([, condition]) => condition === undefined)).toEqual([]);
    expect(Resources.AccountRole.Properties.Policies[0].PolicyDocument.Statement).toEqual(statements);
    const own = Resources.BuildRole.Properties.Policies[0].PolicyDocument.Statement;
    expect(own).toContainEqual({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [other] });
  });

  it('takes a role that is named in place of one of its own', () => {
    const { Resources } = template({ role: 'arn:aws:iam::111111111111:role/mine' });
    expect(Resources.BuildRole).toBeUndefined();
    expect(Resources.Builds.Properties.ServiceRole).toBe('arn:aws:iam::111111111111:role/mine');
  });
});
