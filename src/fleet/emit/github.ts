import { asYaml, cleanupLines, type Emission, installed, lines, mergeLines, rankLines } from './emission.ts';

const count =
  'const { total } = JSON.parse(require("node:fs").readFileSync("plan.json", "utf8")); const of = Math.max(1, Math.min(MOST, total.functions)); console.log("parts=" + JSON.stringify(Array.from({ length: of }, (_, nth) => nth + 1)) + "\\nof=" + of)';

/** A workflow: plan, then a matrix of parts, then one portfolio. */
export function githubWorkflow(emission: Emission): string {
  const { shards, maxSpendUsd, toolVersion } = emission;
  const common = [
    { uses: 'actions/checkout@v5' },
    { uses: 'actions/setup-node@v5', with: { 'node-version': 24 } },
    { name: 'Install', run: `npm install --no-save --ignore-scripts lambda-tune@${toolVersion}` },
  ];
  const state = { TUNE_STATE_DIR: '${{ github.workspace }}/tune-state' };
  return asYaml(
    [
      'Made by tune fleet emit github. Save it as .github/workflows/tune-fleet.yml, with tune.config.json beside your code.',
      'What is measured: fleet.json of the repository, where there is one; otherwise the plan ranks.',
    ],
    {
      name: 'Tune the fleet',
      on: {
        workflow_dispatch: {
          inputs: { 'max-spend-usd': { description: 'US$, of all parts together', default: String(maxSpendUsd) } },
        },
      },
      permissions: { contents: 'read', 'id-token': emission.role === undefined ? undefined : 'write' },
      concurrency: { group: 'tune-fleet' },
      defaults: { run: { shell: 'bash' } },
      jobs: {
        plan: {
          'runs-on': 'ubuntu-latest',
          outputs: { parts: '${{ steps.plan.outputs.parts }}', of: '${{ steps.plan.outputs.of }}' },
          steps: [
            ...common,
            ...signedIn(emission),
            {
              id: 'plan',
              name: 'Plan',
              run: lines(
                ...rankLines(installed, emission),
                `node -e '${count.replace('MOST', String(shards))}' >> "$GITHUB_OUTPUT"`,
              ),
            },
            {
              uses: 'actions/upload-artifact@v4',
              with: { name: 'tune-plan', path: 'fleet.json', overwrite: true },
            },
          ],
        },
        measure: {
          needs: 'plan',
          'runs-on': 'ubuntu-latest',
          'timeout-minutes': 350,
          strategy: { 'fail-fast': false, matrix: { part: '${{ fromJSON(needs.plan.outputs.parts) }}' } },
          env: state,
          steps: [
            ...common,
            ...signedIn(emission),
            { uses: 'actions/download-artifact@v5', with: { name: 'tune-plan' } },
            {
              name: 'What an earlier attempt has',
              uses: 'actions/download-artifact@v5',
              'continue-on-error': true,
              with: { name: 'tune-part-${{ matrix.part }}' },
            },
            {
              name: 'Measure',
              env: {
                PART: '${{ matrix.part }}',
                PARTS: '${{ needs.plan.outputs.of }}',
                MAX_SPEND_USD: `\${{ inputs.max-spend-usd || '${maxSpendUsd}' }}`,
              },
              run: lines(
                '# exec: a cancelled job signals this process alone, and tune removes what it made.',
                `exec ${installed} fleet run fleet.json --shard "$PART/$PARTS" --out runs --max-spend-usd "$MAX_SPEND_USD"`,
              ),
            },
            { name: 'Clean up', if: 'always()', run: lines(...cleanupLines(installed, emission)) },
            {
              name: 'Keep what was measured',
              if: 'always()',
              uses: 'actions/upload-artifact@v4',
              with: { name: 'tune-part-${{ matrix.part }}', path: 'runs\ntune-state\n', overwrite: true },
            },
          ],
        },
        merge: {
          needs: ['plan', 'measure'],
          if: "${{ !cancelled() && needs.plan.result == 'success' }}",
          'runs-on': 'ubuntu-latest',
          steps: [
            ...common,
            {
              uses: 'actions/download-artifact@v5',
              with: { pattern: 'tune-part-*', path: 'parts' },
            },
            {
              name: 'Merge',
              run: lines(
                'code=0',
                `${mergeLines(installed, 'parts/*/runs').join('')} || code=$?`,
                'cat fleet.md >> "$GITHUB_STEP_SUMMARY"',
                'exit $code',
              ),
            },
            {
              if: 'always()',
              uses: 'actions/upload-artifact@v4',
              with: { name: 'tune-fleet', path: 'portfolio.json\nfleet.html\nfleet.md\n', overwrite: true },
            },
          ],
        },
      },
    },
  );
}

function signedIn({ role, regions }: Emission): readonly object[] {
  if (role === undefined) return [];
  const region = regions === undefined || regions[0] === 'all' ? "${{ vars.AWS_REGION || 'us-east-1' }}" : regions[0];
  return [
    {
      uses: 'aws-actions/configure-aws-credentials@v5',
      with: { 'role-to-assume': role, 'aws-region': region },
    },
  ];
}
