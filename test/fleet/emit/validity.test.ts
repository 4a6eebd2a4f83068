import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Emission } from '../../../src/fleet/emit/emission.ts';
import { githubWorkflow } from '../../../src/fleet/emit/github.ts';
import { gitlabChild, gitlabPipeline } from '../../../src/fleet/emit/gitlab.ts';
import { stepFunctionsTemplate } from '../../../src/fleet/emit/stepFunctions.ts';
import { openGithubProblems } from './githubProblems.ts';
import { openTemplateProblems, type Template } from './templateProblems.ts';

/** What is emitted, judged by the schemas of those who read it; each judge is shown something wrong, too. */

const whole: Emission = {
  shards: 3,
  maxSpendUsd: 6,
  regions: ['us-east-1', 'eu-west-1'],
  role: 'arn:aws:iam::111111111111:role/ci',
  otherRoles: ['arn:aws:iam::222222222222:role/tune'],
  toolVersion: '1.2.3',
};
const plain: Emission = { shards: 1, maxSpendUsd: 5, otherRoles: [], toolVersion: '1.2.3' };

describe('a workflow, by the parser of GitHub', () => {
  let problems: Awaited<ReturnType<typeof openGithubProblems>>;
  beforeAll(async () => {
    problems = await openGithubProblems();
  });

  it.each([
    ['with roles', whole],
    ['with nothing', plain],
  ])('is one, %s', async (_, emission) => {
    expect(await problems(githubWorkflow(emission))).toEqual([]);
  });

  it.each([
    ['fail-fast', 'fail-fasst', "Unexpected value 'fail-fasst'"],
    ['fromJSON(', 'fromJSONN(', "Unrecognized function: 'fromJSONN'"],
    ['needs: plan', 'needs: plann', "depends on unknown job 'plann'"],
  ])('is none with a wrong %s', async (right, wrong, said) => {
    expect((await problems(githubWorkflow(whole).replace(right, wrong))).join('\n')).toContain(said);
  });
});

describe('a pipeline, by the JSON Schema of GitLab', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../fixtures/schemas/gitlab-ci.json', import.meta.url), 'utf8'));
  const valid = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  const problems = (pipeline: string) =>
    valid(parse(pipeline)) ? [] : (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

  it.each([
    ['with roles', whole],
    ['with nothing', plain],
  ])('is one, and so is its child, %s', (_, emission) => {
    expect([problems(gitlabPipeline(emission)), problems(gitlabChild(emission))]).toEqual([[], []]);
  });

  it.each(['artifacts:', 'script:', 'parallel:'])('is none with a wrong %s', (key) => {
    expect(problems(gitlabChild(whole).replace(key, `x${key}`))).not.toEqual([]);
  });
});

describe('a template, by the specification of CloudFormation and SAM', () => {
  let problems: Awaited<ReturnType<typeof openTemplateProblems>>;
  beforeAll(async () => {
    problems = await openTemplateProblems();
  });
  const statements = [{ Effect: 'Allow', Action: ['lambda:GetFunction'], Resource: ['*'] }];
  const templateOf = (emission: Emission, change = (text: string) => text): Template =>
    parse(change(stepFunctionsTemplate(emission, statements)));

  it.each([
    ['with a role of its own', { ...whole, role: undefined }],
    ['with a role that is named', whole],
    ['with nothing', plain],
  ])('is one, %s', (_, emission) => {
    expect(problems(templateOf(emission))).toEqual([]);
  });

  it.each([
    ['ServiceRole:', 'ServiceRoll:', ['Builds.ServiceRole is missing', 'Builds.ServiceRoll is not known']],
    ['TimeoutInMinutes: 480', 'TimeoutInMinutes: long', ['Builds.TimeoutInMinutes is no integer']],
    ['AWS::Serverless::StateMachine', 'AWS::Serverless::State', ['Fleet: there is no resource AWS::Serverless::State']],
    ['Ref: Image', 'Ref: Picture', ['nothing is called Picture']],
  ])('is none with a wrong %s', (right, wrong, said) => {
    const found = problems(templateOf(plain, (text) => text.replace(right, wrong)));
    expect(found).toEqual(said);
  });
});
