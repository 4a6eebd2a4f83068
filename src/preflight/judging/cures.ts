import type { FindingKind } from '../../migrate/preflight/inspection.ts';
import type { Architecture } from '../../model/configuration.ts';
import { shellQuote } from '../../text/shellQuote.ts';
import type { ClosedReason } from '../looking/evidence.ts';
import type { NativeFile } from '../looking/nativeFiles.ts';
import type { NpmDependents } from '../looking/npmManifests.ts';
import { npmPackageOf } from '../looking/packageNames.ts';
import { machineNamed, renamedFor } from '../looking/platformNames.ts';
import type { Wheel } from '../looking/wheels.ts';

/** Words of the tools for Lambda's architectures. */
const words = {
  x86_64: {
    npm: 'x64',
    wheel: 'manylinux2014_x86_64',
    machine: 'x86_64',
    go: 'amd64',
    docker: 'linux/amd64',
    rust: 'x86_64-unknown-linux-gnu',
    cargo: '--x86-64',
    java: 'linux x86_64',
    dotnet: 'linux-x64',
  },
  arm64: {
    npm: 'arm64',
    wheel: 'manylinux2014_aarch64',
    machine: 'aarch64',
    go: 'arm64',
    docker: 'linux/arm64',
    rust: 'aarch64-unknown-linux-gnu',
    cargo: '--arm64',
    java: 'linux aarch64',
    dotnet: 'linux-arm64',
  },
} as const;

/** What a cure depends on besides the file. */
export interface Curing {
  readonly where: string;
  readonly wanted: Architecture;
  readonly runtime: string | undefined;
  readonly glibcMinor: number | undefined;
  readonly dependents: NpmDependents;
}

type Curable = Pick<NativeFile, 'path' | 'isGo'> & { readonly kind: FindingKind };

/** What usually brings a native file for the wanted architecture. `wheel`: the Python distribution it belongs to. */
export function cureOfFile(file: Curable, curing: Curing, wheel?: Wheel): string {
  const { wanted, where } = curing;
  const { docker, dotnet, go, java } = words[wanted];
  if (isLayer(where)) return cureOfLayer(where, wanted);
  if (wheel !== undefined) return cureOfWheel(wheel, curing);
  if (isPrisma(file.path)) return cureOfPrisma(file.path, curing);
  const npm = npmPackageOf(file.path);
  if (npm !== undefined) {
    const isCompiledHere = /\/build\/(?:Release|Debug)\//.test(file.path);
    return downloadOf(npm.name, curing) ?? (isCompiledHere ? rebuildOf(npm.name, curing) : cureOfNpm(npm.name, curing));
  }
  if (file.kind === 'nodeAddon') return cureOfNpm(undefined, curing);
  if (file.kind === 'pythonExtension') return pipInstall('-r requirements.txt', undefined, curing);
  if (file.kind === 'dotnetReadyToRun') return `dotnet publish -c Release -r ${dotnet}`;
  if (/\.[jw]ar!\//.test(file.path)) {
    return `Use a version of the library that brings native code for ${java} (often a classifier of the same artifact), or build it for ${docker}.`;
  }
  if (file.isGo)
    return `GOOS=linux GOARCH=${go} go build -tags lambda.norpc -o ${shellQuote(file.path.split('/').at(-1) ?? 'bootstrap')} .`;
  if (file.kind === 'bootstrap') return cureOfProgram(wanted);
  return `Build it for ${docker} (docker run --platform ${docker} …), or take its vendor's download for ${wanted}.`;
}

/**
 * Packages that download their binary when they are installed choose it by variables of their own; npm's `--cpu` chooses
 * among packages for one platform and changes nothing here. Where the vendor has no such file they compile for the
 * machine that installs, so what came of it is to be looked at again.
 */
function downloadOf(name: string, { wanted, dependents }: Curing): string | undefined {
  const { npm } = words[wanted];
  const otherwise = `  # if there is no linux-${npm} file of it, npm compiles one for this machine: look again, and rebuild it on ${wanted}`;
  if (dependents.needs(name, /^(?:@mapbox\/)?node-pre-gyp$/)) {
    return `npm_config_target_arch=${npm} npm_config_target_platform=linux npm_config_target_libc=glibc npm_config_update_binary=true npm_config_build_from_source=false npm rebuild ${shellQuote(name)}${otherwise}`;
  }
  if (!dependents.needs(name, /^prebuild-install$/)) return undefined;
  return `npm_config_arch=${npm} npm_config_platform=linux npm_config_libc=glibc npm rebuild ${shellQuote(name)}${otherwise}`;
}

/** In an image that has the runtime's own C library: one built beside a newer one would not load. */
export function rebuildOf(name: string, { wanted, runtime }: Pick<Curing, 'wanted' | 'runtime'>): string {
  const image = runtime !== undefined && /^nodejs\d+\.x$/.test(runtime) ? runtime : 'nodejs22.x';
  return `docker run --rm --platform ${words[wanted].docker} -v "$PWD":/var/task -w /var/task public.ecr.aws/sam/build-${image}:latest-${wanted} npm rebuild ${shellQuote(name)}`;
}

/** Engines of Prisma, which are named `libquery_engine-rhel-openssl-3.0.x.so.node`. */
function isPrisma(path: string): boolean {
  return /(?:^|\/)(?:lib)?(?:query|schema|migration|introspection)[-_]engine-[^/]*$/.test(path);
}

function cureOfPrisma(path: string, { wanted, glibcMinor }: Curing): string {
  const openssl = /openssl-(\d\.\d\.x)/.exec(path)?.[1] ?? (glibcMinor === 26 ? '1.0.x' : '3.0.x');
  const target = `${wanted === 'arm64' ? 'linux-arm64' : 'rhel'}-openssl-${openssl}`;
  return `In schema.prisma: generator client { binaryTargets = ["native", "${target}"] }, then: npx prisma generate`;
}

export function cureOfNpm(name: string | undefined, { wanted }: Pick<Curing, 'wanted'>): string {
  const { npm } = words[wanted];
  // A package for one platform is an optional dependency of another: npm chooses it anew.
  const isNamed = name !== undefined && machineNamed(name) === undefined;
  return `npm install --cpu=${npm} --os=linux --libc=glibc${isNamed ? ` ${shellQuote(name)}` : ''}`;
}

export function cureOfWheel({ name, version, pythonVersion }: Wheel, curing: Curing): string {
  return pipInstall(shellQuote(`${name}==${version}`), pythonVersion, curing);
}

/** pip takes wheels of the tags it is given and of no older one, but for what 2014 stands for. */
function pipInstall(what: string, wheelPython: string | undefined, { wanted, glibcMinor, runtime }: Curing): string {
  const pythonVersion = /^python(3\.\d+)$/.exec(runtime ?? '')?.[1] ?? wheelPython;
  const python = pythonVersion === undefined ? '' : `--python-version ${pythonVersion} `;
  const { wheel, machine } = words[wanted];
  // Those that wheels are built for in numbers; none where the C library is not known.
  const tags = [34, 28, 26, 24]
    .filter((minor) => minor <= (glibcMinor ?? 0) && (minor > 26 || glibcMinor === 26))
    .map((minor) => `manylinux_2_${minor}_${machine}`);
  return `pip install ${[...tags, wheel].map((tag) => `--platform ${tag}`).join(' ')} --only-binary=:all: ${python}--upgrade --target package ${what}`;
}

function cureOfProgram(wanted: Architecture): string {
  const { go, rust, cargo, dotnet } = words[wanted];
  return `Build it for ${wanted}. Go: GOOS=linux GOARCH=${go} go build -tags lambda.norpc -o bootstrap . Rust: cargo lambda build --release ${cargo} (target ${rust}). .NET: dotnet publish -c Release -r ${dotnet}`;
}

/** `arn:aws:lambda:region:account:layer:name:version`. */
function isLayer(where: string): boolean {
  return /^arn:[^:]*:lambda:[^:]*:[^:]*:layer:/.test(where);
}

/** Names that vendors gave their layers, as seen in their documentation; versions are numbered apart. */
const suffixes: readonly (readonly [x86: RegExp, arm: (name: string) => string])[] = [
  [
    /^(?:LambdaInsightsExtension|AWS-Parameters-and-Secrets-Lambda-Extension|AWS-AppConfig-Extension)$/,
    (name) => `${name}-Arm64`,
  ],
  [/^Datadog-Extension(?:-FIPS)?$/, (name) => name.replace('Datadog-Extension', 'Datadog-Extension-ARM')],
  [/^NewRelic\w+$/, (name) => `${name}ARM64`],
];

function cureOfLayer(arn: string, wanted: Architecture): string {
  const name = arn.split(':')[6] ?? '';
  const twin = twinOf(name, wanted);
  const named = twin === undefined ? '' : `, probably ${twin}`;
  return `Use the vendor's ${wanted} layer${named} (its versions are numbered apart), or build your own for ${wanted} and publish it: aws lambda publish-layer-version --compatible-architectures ${wanted} …`;
}

function twinOf(name: string, wanted: Architecture): string | undefined {
  const renamed = renamedFor(name, wanted);
  if (renamed !== name) return renamed;
  if (wanted === 'arm64') return suffixes.find(([pattern]) => pattern.test(name))?.[1](name);
  const bare = name.replace(/-?ARM(?:64)?(?=-|$)/i, '');
  return bare === name ? undefined : bare;
}

/** Of what could not be looked into. */
export const closedTexts = {
  broken: 'Not looked into: it cannot be unpacked. Look at what it holds yourself.',
  encrypted: 'Not looked into: it is encrypted. Look at what it holds yourself.',
  badName: 'Not looked into: it names files outside of itself. Look at what it holds yourself.',
  linkOut: 'Not looked into: it holds a link that leads out of it. Look at what it holds yourself.',
  tooDeep: 'Not looked into: too many archives inside of each other. Look at what it holds yourself.',
  tooLarge: 'Not looked into: too large to unpack beside what it lies in. Look at what it holds yourself.',
  packing: 'Not looked into: a way of packing that is not read here. Look at what it holds yourself.',
} as const satisfies Record<ClosedReason, string>;
