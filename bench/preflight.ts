import { execFile, spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ZipFile } from 'yazl';
import { inspectPackage } from '../src/preflight/inspectPackage.ts';
import { seededRandom } from '../src/stats/random.ts';

/**
 * `npm run bench:preflight [-- --packages]`: a package of 250 MB unzipped with 20,000 entries, against `unzip -t` and
 * Python's zipfile on the same file; with --packages also real platform packages of npm and wheels of Python, fetched
 * into a temporary folder with npm and pip.
 */
const run = promisify(execFile);
const self = fileURLToPath(import.meta.url);
const print = (line: string) => process.stdout.write(`${line}\n`);

/** In a process of its own, so that its memory is its own. */
async function inspectAlone(path: string): Promise<void> {
  const before = peakMb();
  const start = performance.now();
  const { files, archives, findings } = await inspectPackage(
    { kind: 'file', path, where: 'function package' },
    'arm64',
  );
  const seconds = (performance.now() - start) / 1000;
  print(
    `tune preflight        ${seconds.toFixed(2)} s   ${files} files, ${archives} inner archives, ${findings.length} findings; peak ${peakMb()} MB (${before} MB before)`,
  );
}

/** The kernel's own high-water mark: what getrusage says is inherited from the parent process. */
function peakMb(): number {
  const kb = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}

async function bench(withPackages: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-preflight-'));
  try {
    if (withPackages) await realPackages(folder);
    const path = join(folder, 'large.zip');
    await writeLarge(path);
    for (let round = 0; round < 3; round++) {
      const child = spawnSync(process.execPath, ['--import', 'tsx', self, '--inspect', path], { encoding: 'utf8' });
      print(child.status === 0 ? child.stdout.trim() : child.stderr);
      timed('unzip -tq', 'unzip', ['-tq', path]);
      timed('python3 -m zipfile -t', 'python3', ['-m', 'zipfile', '-t', path]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timed(name: string, command: string, args: readonly string[]): void {
  const start = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  const text = status === null ? 'not there' : `${((performance.now() - start) / 1000).toFixed(2)} s`;
  print(`${name.padEnd(22)}${text}${status ? ` (status ${status})` : ''}`);
}

/** 19,600 sources of 5 KB on average, 380 libraries of 360 KB, 20 jars of 500 KB: 250 MB, half of it native. */
async function writeLarge(path: string): Promise<void> {
  const random = seededRandom(1);
  const archive = new ZipFile();
  const words = Array.from({ length: 2000 }, () => Math.floor(random() * 1e9).toString(36));
  const text = (bytes: number) => {
    const parts: string[] = [];
    for (let length = 0; length < bytes; ) {
      const word = words[Math.floor(random() ** 2 * words.length)] ?? '';
      parts.push(word);
      length += word.length + 1;
    }
    return Buffer.from(parts.join(' ').slice(0, bytes));
  };
  const library = (machine: number, bytes: number) => {
    const content = Buffer.concat([
      text(bytes / 2),
      Buffer.from(Array.from({ length: bytes / 2 }, () => random() * 256)),
    ]);
    content.write('\x7fELF\x02\x01\x01', 'latin1');
    content.writeUInt16LE(3, 16);
    content.writeUInt16LE(machine, 18);
    return content;
  };
  const [x86, arm] = [library(62, 360_000), library(183, 360_000)];
  for (let index = 0; index < 19_600; index++) {
    archive.addBuffer(text(1000 + Math.floor(random() * 8000)), `node_modules/p${index % 700}/lib/file${index}.js`);
  }
  for (let index = 0; index < 380; index++) {
    archive.addBuffer(index % 2 ? x86 : arm, `lib/p${index >> 1}/linux-${index % 2 ? 'x64' : 'arm64'}/native.so`);
  }
  const jar = await jarOf(library(62, 500_000), text(800_000));
  for (let index = 0; index < 20; index++) archive.addBuffer(jar, `lib/library${index}.jar`);
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
}

async function jarOf(native: Buffer, text: Buffer): Promise<Buffer> {
  const jar = new ZipFile();
  jar.addBuffer(native, 'native/linux/x86_64/libnative.so');
  jar.addBuffer(text, 'META-INF/words');
  jar.end();
  const chunks: Buffer[] = [];
  for await (const chunk of jar.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const npmPackages = [
  [
    'x86_64',
    [
      '@esbuild/linux-x64',
      '@img/sharp-linux-x64',
      '@img/sharp-libvips-linux-x64',
      '@swc/core-linux-x64-gnu',
      'bufferutil',
    ],
  ],
  [
    'arm64',
    ['@esbuild/linux-arm64', '@img/sharp-linux-arm64', '@img/sharp-libvips-linux-arm64', '@swc/core-linux-arm64-gnu'],
  ],
] as const;
const shippingBoth = ['leveldown', 'classic-level', 'sodium-native', '@serialport/bindings-cpp'];
const wheels = ['numpy', 'cryptography', 'pydantic-core', 'orjson'];

async function realPackages(folder: string): Promise<void> {
  for (const [architecture, names] of npmPackages) {
    for (const name of names) await lookAtNpm(folder, name, architecture);
  }
  for (const name of shippingBoth) await lookAtNpm(folder, name, 'both');
  for (const [architecture, platform] of [
    ['x86_64', 'manylinux2014_x86_64'],
    ['arm64', 'manylinux2014_aarch64'],
  ] as const) {
    for (const name of wheels) await lookAtWheel(join(folder, architecture), name, platform, architecture);
  }
}

async function lookAtNpm(folder: string, name: string, builtFor: string): Promise<void> {
  const place = join(folder, 'npm', name.replace('/', '-'));
  const installed = join(place, 'code', 'node_modules', name);
  await mkdir(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', place, name]);
  await run('tar', ['-xzf', join(place, stdout.trim()), '-C', installed, '--strip-components=1']);
  await lookAt(name, builtFor, { kind: 'folder', path: join(place, 'code') });
}

async function lookAtWheel(place: string, name: string, platform: string, builtFor: string): Promise<void> {
  const folder = join(place, name);
  const args = ['-m', 'pip', 'download', '-q', '--no-deps', '--only-binary=:all:', '--python-version', '3.12'];
  await run('python3', [...args, '--platform', platform, '-d', folder, name]);
  const [file = ''] = (await run('ls', [folder])).stdout.trim().split('\n');
  await lookAt(file, builtFor, { kind: 'file', path: join(folder, file) });
}

async function lookAt(
  name: string,
  builtFor: string,
  source: { readonly kind: 'folder' | 'file'; readonly path: string },
): Promise<void> {
  const verdicts: string[] = [];
  for (const wanted of ['x86_64', 'arm64'] as const) {
    const { findings, natives } = await inspectPackage({ ...source, where: 'function package' }, wanted);
    const expected = builtFor === 'both' || builtFor === wanted;
    const isRight = expected === (findings.length === 0);
    verdicts.push(
      `${wanted}: ${findings.length} findings (${natives[wanted]} native) ${isRight ? 'right' : `WRONG ${findings[0]?.path}`}`,
    );
  }
  print(`${name} (for ${builtFor})  ${verdicts.join('; ')}`);
}

if (process.argv[2] === '--inspect') await inspectAlone(process.argv[3] ?? '');
else await bench(process.argv.includes('--packages'));
