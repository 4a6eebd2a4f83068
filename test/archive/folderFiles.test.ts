import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderFiles } from '../../src/archive/folderFiles.ts';
import { openCodeArchive } from '../../src/local/packages/codeArchive.ts';
import { packageCode } from '../../src/local/packages/packageCode.ts';
import { inspectPackage } from '../../src/preflight/inspectPackage.ts';
import { elf } from '../preflight/packages.ts';

let top = '';
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'folder-files-')));
});
afterEach(() => rmSync(top, { recursive: true }));

function write(path: string, content: string | Buffer = ''): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), content);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  symlinkSync(target, join(top, path));
}

async function listed(folder: string): Promise<string[]> {
  const seen: string[] = [];
  for await (const item of folderFiles(join(top, folder))) {
    seen.push(item.kind === 'link' ? `${item.path} -> ${item.target}` : item.path);
  }
  return seen;
}

/** As npm's workspaces: a package beside the function's, linked into its node_modules. */
function workspace(): void {
  write('packages/shared/package.json', '{"name":"@my/shared"}');
  write('packages/shared/index.js', 'exports.answer = 42;');
  write('packages/shared/native.node', elf('x86_64'));
  write('packages/api/index.js', "exports.handler = async () => require('@my/shared').answer;");
  link('packages/api/node_modules/@my/shared', '../../../shared');
}

describe('links to folders', () => {
  it('inside of the package stay links, so that what pnpm installs finds its own dependencies', async () => {
    write('index.js', "exports.handler = async () => require('dep');");
    write('node_modules/.pnpm/dep@1.0.0/node_modules/dep/index.js', "module.exports = require('other');");
    write('node_modules/.pnpm/other@2.0.0/node_modules/other/index.js', 'module.exports = 42;');
    link('node_modules/dep', '.pnpm/dep@1.0.0/node_modules/dep');
    link('node_modules/.pnpm/dep@1.0.0/node_modules/other', '../../other@2.0.0/node_modules/other');
    expect(await listed('.')).toEqual([
      'index.js',
      'node_modules/.pnpm/dep@1.0.0/node_modules/dep/index.js',
      'node_modules/.pnpm/dep@1.0.0/node_modules/other -> ../../other@2.0.0/node_modules/other',
      'node_modules/.pnpm/other@2.0.0/node_modules/other/index.js',
      'node_modules/dep -> .pnpm/dep@1.0.0/node_modules/dep',
    ]);
    const { zip } = await packageCode(top, { hostRuntimes: { node: 'nodejs22.x', python: 'python3.12' } });
    const archive = openCodeArchive(join(top, 'unpacked'));
    const { folder } = await archive.add(zip);
    const { handler } = await import(join(folder, 'index.js'));
    expect(await handler()).toBe(42);
  });

  it.each(['.git/HEAD', 'package.json', 'pnpm-workspace.yaml'])(
    'elsewhere in the project are followed (told by %s)',
    async (marker) => {
      workspace();
      write(marker, '{"workspaces":["packages/*"]}');
      expect(await listed('packages/api')).toEqual([
        'index.js',
        'node_modules/@my/shared/index.js',
        'node_modules/@my/shared/native.node',
        'node_modules/@my/shared/package.json',
      ]);
    },
  );

  it('to a package are followed where nothing tells what the project is', async () => {
    workspace();
    expect(await listed('packages/api')).toContain('node_modules/@my/shared/index.js');
  });

  it('are seen by the preflight', async () => {
    workspace();
    const inspection = await inspectPackage(
      { where: 'function package', kind: 'folder', path: join(top, 'packages/api') },
      'arm64',
    );
    expect(inspection.findings).toMatchObject([
      { path: 'node_modules/@my/shared/native.node', architecture: 'x86_64', blocking: true },
    ]);
  });

  it('that lead back to a folder they lie in are refused by name', async () => {
    write('fn/index.js');
    link('fn/lib/again', '..');
    await expect(listed('fn')).rejects.toMatchObject({
      code: 'CODE',
      message: `The link lib/again leads back to a folder that it lies in, ${top}/fn.`,
    });
  });

  it('that lead back through a followed one are refused, too', async () => {
    workspace();
    write('.git/HEAD');
    link('packages/shared/node_modules/api', '../../api');
    await expect(listed('packages/api')).rejects.toMatchObject({
      message: `The link node_modules/@my/shared/node_modules/api leads back to a folder that it lies in, ${top}/packages/api.`,
    });
  });

  it('out of the project are refused, for files as well', async () => {
    write('project/.git/HEAD');
    write('project/fn/index.js');
    write('secret/key', 'x');
    link('project/fn/assets', '../../secret');
    await expect(listed('project/fn')).rejects.toMatchObject({
      code: 'CODE',
      message: `The link assets leads out of the project (${top}/project), to ${top}/secret.`,
    });
    rmSync(join(top, 'project/fn/assets'));
    link('project/fn/key', '../../secret/key');
    await expect(listed('project/fn')).rejects.toMatchObject({ code: 'CODE' });
  });

  it('to nothing are left out, and so are repositories', async () => {
    write('fn/index.js');
    write('fn/.git/HEAD');
    link('fn/gone', 'nowhere');
    expect(await listed('fn')).toEqual(['index.js']);
  });
});
