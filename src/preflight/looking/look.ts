import type { PackedFile } from '../opening/packedFile.ts';
import { isCompressed, lookIntoCompressed } from './compressed.ts';
import { linkingOf } from './elfLinking.ts';
import { foreignFileOf } from './foreignFiles.ts';
import { lookIntoArchive } from './innerArchives.ts';
import type { Looking } from './looking.ts';
import { type NativeFile, nativeFileOf } from './nativeFiles.ts';
import { abiOfAddon } from './nodeAbi.ts';
import { npmManifestOf } from './npmManifests.ts';
import { isForOtherSystem, npmPlatformPackageOf } from './npmPlatforms.ts';
import { pythonLibraryOf, readOwnSource } from './ownSources.ts';
import { npmPackageOf } from './packageNames.ts';
import { recordedPaths, wheelOf } from './wheels.ts';

/** Looks at one file, and into it where it is an archive. @throws ArchiveRefusal for what must not be unpacked at all */
export async function look(file: PackedFile, looking: Looking): Promise<void> {
  const { evidence, depth } = looking;
  evidence.files += 1;
  if (depth === 0) evidence.bytes += file.sizeBytes;
  const library = pythonLibraryOf(file.path);
  if (library !== undefined) evidence.pythonLibraries.push(library);
  if (file.sizeBytes < 4) return;
  const head = file.head('short');
  if (head === undefined) {
    evidence.closed.push({ path: file.path, reason: 'packing' });
    return;
  }
  const native = nativeFileOf(file.path, head);
  if (native !== undefined) {
    // The note of Go lies behind the program headers.
    const known = nativeFileOf(file.path, file.head('long') ?? head) ?? native;
    const read = native.machine === looking.wanted ? readNative(file, native.kind, looking) : {};
    evidence.natives.push({ ...known, linking: read.linking ?? known.linking, abi: read.abi });
  } else if (isArchive(file.path, head)) {
    await lookIntoArchive(file, looking, (inner, within) => look(inner, within));
  } else if (isCompressed(file.path, head)) {
    await lookIntoCompressed(file, looking);
  } else {
    const foreign = foreignFileOf(file.path, head);
    if (foreign !== undefined) evidence.foreign.push(foreign);
    else {
      readOwnSource(file, looking);
      readDescription(file, looking);
    }
  }
}

/** Which libraries it wants is told by tables anywhere in the file. Beyond what may be held only its head is judged. */
function readNative(
  file: PackedFile,
  kind: NativeFile['kind'],
  { budget, variant }: Looking,
): Pick<NativeFile, 'linking' | 'abi'> {
  if (!budget.hold(file.sizeBytes)) return {};
  try {
    const whole = file.whole();
    const abi = variant !== undefined && kind === 'nodeAddon' ? abiOfAddon(file.path, whole) : undefined;
    return { linking: linkingOf(whole), abi };
  } finally {
    budget.release(file.sizeBytes);
  }
}

/** Zips that are loaded from, by name: documents and images are zips as well, and hold no code. */
function isArchive(path: string, head: Buffer): boolean {
  const isZip = head.length >= 4 && head.readUInt32LE(0) === 0x04034b50;
  // Programs in a zip start with a line that names their interpreter.
  return isZip ? /\.(?:zip|jar|war|ear|aar|whl|egg|pyz|pex|nupkg)$/i.test(path) : /\.(?:pyz|pex)$/i.test(path);
}

const longestDescription = { 'package.json': 1_000_000, WHEEL: 65_536, RECORD: 8_000_000 } as const;

function readDescription(file: PackedFile, { wanted, evidence }: Looking): void {
  const parts = file.path.split('/');
  const name = parts.at(-1);
  if (name === 'binding.gyp') {
    const owner = npmPackageOf(file.path);
    if (owner !== undefined && file.path === `${owner.folder}/binding.gyp`) evidence.compiled.push(owner.folder);
    return;
  }
  if (name !== 'package.json' && name !== 'WHEEL' && name !== 'RECORD') return;
  const isOwnManifest = file.path === 'package.json';
  const isWanted =
    name === 'package.json'
      ? isOwnManifest || file.path.includes('node_modules/')
      : parts.at(-2)?.endsWith('.dist-info');
  if (isWanted !== true || file.sizeBytes > longestDescription[name]) return;
  const text = file.whole().toString('utf8');
  if (name === 'RECORD') {
    evidence.records.push({ folder: parts.slice(0, -1).join('/'), paths: recordedPaths(text) });
  } else if (name === 'WHEEL') {
    const wheel = wheelOf(file.path, text);
    if (wheel !== undefined) evidence.wheels.push(wheel);
  } else {
    const manifest = npmManifestOf(file.path, text);
    if (manifest !== undefined) {
      evidence.manifests.push(manifest);
      if (isForOtherSystem(text)) evidence.systemOnly.push(manifest.folder);
    }
    const found = npmPlatformPackageOf(file.path, text, wanted);
    if (found !== undefined) evidence.npmPackages.push(found);
  }
}
