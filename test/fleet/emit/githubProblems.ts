import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

type Parser = typeof import('./githubParser.ts');

/** What GitHub would refuse in a workflow, in its words. */
export async function openGithubProblems(): Promise<(workflow: string) => Promise<readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'tune-workflow-'));
  try {
    const outfile = join(folder, 'parser.cjs');
    const entryPoints = [fileURLToPath(new URL('githubParser.ts', import.meta.url))];
    await build({ entryPoints, outfile, bundle: true, format: 'cjs', platform: 'node', logLevel: 'silent' });
    const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter }: Parser = createRequire(import.meta.url)(
      outfile,
    );
    return async (content) => {
      const { context, value } = parseWorkflow({ name: 'tune.yml', content }, new NoOperationTraceWriter());
      const { errors = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value);
      const said = [...context.errors.getErrors().map(({ message }) => message), ...errors.map((one) => one.Message)];
      return [...new Set(said)];
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
