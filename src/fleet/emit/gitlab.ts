import { asYaml, cleanupLines, type Emission, installed, lines, mergeLines, rankLines } from './emission.ts';

const count =
  'const { total } = JSON.parse(require("node:fs").readFileSync("plan.json", "utf8")); console.log(Math.max(1, Math.min(MOST, total.functions)))';

/** The pipeline: a plan that says how many parts there are, and the child pipeline that it wrote. */
export function gitlabPipeline(emission: Emission): string {
  const { shards, maxSpendUsd, role, otherRoles } = emission;
  const roles = [
    ...(role === undefined ? [] : [`--role ${role}`]),
    ...(otherRoles.length === 0 ? [] : [`--assume-role ${otherRoles.join(',')}`]),
  ];
  return asYaml(
    [
      'Made by tune fleet emit gitlab. Save it as .gitlab-ci.yml, or include it, with tune.config.json beside your code.',
      'What is measured: fleet.json of the repository, where there is one; otherwise the plan ranks.',
    ],
    {
      stages: ['plan', 'measure'],
      variables: { MAX_SPEND_USD: String(maxSpendUsd) },
      'tune-plan': {
        stage: 'plan',
        ...common(emission),
        script: [
          lines(
            'set -e',
            ...rankLines(installed, emission),
            `parts=$(node -e '${count.replace('MOST', String(shards))}')`,
            [`${installed} fleet emit gitlab-child --shards "$parts"`, ...roles, '> tune-child.yml'].join(' '),
          ),
        ],
        artifacts: { paths: ['fleet.json', 'tune-child.yml'] },
      },
      'tune-measure': {
        stage: 'measure',
        needs: ['tune-plan'],
        variables: { PARENT_PIPELINE_ID: '$CI_PIPELINE_ID' },
        trigger: { include: [{ artifact: 'tune-child.yml', job: 'tune-plan' }], strategy: 'depend' },
      },
    },
  );
}

/** What the plan hands on: a part each, then one portfolio. */
export function gitlabChild(emission: Emission): string {
  const { shards, maxSpendUsd } = emission;
  const parts = Array.from({ length: shards }, (_, nth) => String(nth + 1));
  return asYaml(['Made by tune fleet emit gitlab-child: the child pipeline of tune fleet emit gitlab.'], {
    stages: ['measure', 'merge'],
    // What the parent hands on stands above this.
    variables: { MAX_SPEND_USD: String(maxSpendUsd) },
    'tune-part': {
      stage: 'measure',
      ...common(emission),
      needs: [{ pipeline: '$PARENT_PIPELINE_ID', job: 'tune-plan' }],
      // One value is a list, too: GitLab takes parallel:matrix with a single job.
      parallel: { matrix: [{ PART: parts }] },
      timeout: '5h',
      variables: { TUNE_STATE_DIR: '$CI_PROJECT_DIR/tune-state' },
      script: [
        `exec ${installed} fleet run fleet.json --shard "$PART/${shards}" --out "runs-$PART" --max-spend-usd "$MAX_SPEND_USD"`,
      ],
      // It runs after a cancelled job, too, in a shell of its own.
      after_script: [...signedIn(emission), lines(...cleanupLines(installed, emission))],
      artifacts: { when: 'always', paths: ['runs-*', 'tune-state'] },
    },
    'tune-merge': {
      stage: 'merge',
      ...common({ ...emission, role: undefined }),
      when: 'always',
      script: mergeLines(installed, 'runs-*'),
      artifacts: { when: 'always', paths: ['portfolio.json', 'fleet.html', 'fleet.md'] },
    },
  });
}

function common(emission: Emission): object {
  const { role, toolVersion } = emission;
  return {
    image: 'node:24',
    id_tokens: role === undefined ? undefined : { TUNE_ID_TOKEN: { aud: 'sts.amazonaws.com' } },
    before_script: [`npm install --no-save --ignore-scripts lambda-tune@${toolVersion}`, ...signedIn(emission)],
  };
}

/** The SDK reads these by itself. */
function signedIn({ role }: Emission): readonly string[] {
  if (role === undefined) return [];
  return [
    lines(
      'printf %s "$TUNE_ID_TOKEN" > /tmp/tune-token',
      `export AWS_ROLE_ARN=${role} AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/tune-token`,
    ),
  ];
}
