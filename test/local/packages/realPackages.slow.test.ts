import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessExecutor } from '../../../src/local/runtime/processExecutor.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';
import { type PackageProgram, packagePrograms } from './realPackages.ts';

/**
 * Needs the npm registry and some minutes, which no other test does: `npm run test:packages`. Elsewhere it says that it is skipped.
 */
const isAsked = process.env.TUNE_TEST_PACKAGES === '1';

describe.skipIf(!isAsked)('functions of real packages from npm (npm run test:packages)', () => {
  let folder = '';
  let executor: ProcessExecutor;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packages-test-'));
    executor = await executorFor('auto', folder);
  });
  afterAll(async () => {
    await executor.close();
    rmSync(folder, { recursive: true });
  });

  for (const program of packagePrograms) {
    const { install, needs, bootstrap, environment = {} } = program;
    it.skipIf(needs !== undefined && !isInstalled(needs))(
      needs === undefined ? install.join(' ') : `${install.join(' ')} (where ${needs} is installed)`,
      async () => {
        const codeFolder = await made(program, mkdtempSync(join(folder, 'code-')));
        const runtime = bootstrap === undefined ? 'nodejs20.x' : 'provided.al2023';
        const started = await executor.start(specOf('', { codeFolder, environment, runtime }));
        try {
          const cold = await invoke(started, { total: 12.5 });
          expect([payloadOf(cold), cold.status]).toEqual([program.answer, 'success']);
          if (program.logs !== undefined) expect(cold.initOutput + cold.output).toMatch(program.logs);
          expect((await invoke(started, { total: 12.5 })).status).toBe('success');
        } finally {
          await started.stop();
        }
      },
      600_000,
    );
  }
});

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

async function made(program: PackageProgram, folder: string): Promise<string> {
  const { install, code, bundled, bootstrap, files = {}, generate } = program;
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'index.mjs'), code);
  if (bootstrap !== undefined) writeFileSync(join(folder, 'bootstrap'), bootstrap, { mode: 0o755 });
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...install], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  if (generate !== undefined) {
    // Else it would be fetched, which is not asked for here.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' };
    execFileSync('npx', [...generate], { cwd: folder, env, stdio: 'pipe' });
  }
  if (bundled === undefined) return folder;
  const out = join(folder, 'bundle');
  mkdirSync(out);
  await build({
    entryPoints: [join(folder, 'index.mjs')],
    outfile: join(out, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire as own}from'node:module';const require=own(import.meta.url);" },
  });
  return out;
}
