import type { PolicyDocument, PolicyStatement } from './policy.ts';

/** A policy in the words of the tools that install it. */
export const policyFormats = {
  json: (policy) => `${JSON.stringify(policy, null, 2)}\n`,
  terraform,
  cloudformation,
} as const satisfies Record<string, (policy: PolicyDocument) => string>;

/** IAM counts a managed policy without white space. */
export const longestManagedPolicy = 6144;

export function policyLength(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

function terraform({ Statement }: PolicyDocument): string {
  const block = ({ Sid, Action, Resource, Condition }: PolicyStatement) =>
    [
      '  statement {',
      `    sid = ${hcl(Sid)}`,
      `    actions = ${hclList(Action)}`,
      `    resources = ${hclList(Resource)}`,
      ...Object.entries(Condition?.StringEquals ?? {}).flatMap(([variable, value]) => [
        '    condition {',
        '      test = "StringEquals"',
        `      variable = ${hcl(variable)}`,
        `      values = [${hcl(value)}]`,
        '    }',
      ]),
      '  }',
    ].join('\n');
  return `data "aws_iam_policy_document" "tune" {
${Statement.map(block).join('\n')}
}

resource "aws_iam_policy" "tune" {
  name = "lambda-tune"
  policy = data.aws_iam_policy_document.tune.json
}
`;
}

function hclList(items: readonly string[]): string {
  return `[\n${items.map((item) => `      ${hcl(item)},`).join('\n')}\n    ]`;
}

/** A quoted string of HCL is one of JSON, but for the beginnings of templates. */
function hcl(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

function cloudformation({ Version, Statement }: PolicyDocument): string {
  const list = (items: readonly string[]) => items.map((item) => `              - ${JSON.stringify(item)}`);
  const lines = Statement.flatMap(({ Sid, Effect, Action, Resource, Condition }) => [
    `          - Sid: ${JSON.stringify(Sid)}`,
    `            Effect: ${Effect}`,
    '            Action:',
    ...list(Action),
    '            Resource:',
    ...list(Resource),
    ...Object.entries(Condition?.StringEquals ?? {}).flatMap(([key, value]) => [
      '            Condition:',
      '              StringEquals:',
      `                ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    ]),
  ]);
  return `Resources:
  TunePolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: What lambda-tune needs to measure
      PolicyDocument:
        Version: "${Version}"
        Statement:
${lines.join('\n')}
`;
}
