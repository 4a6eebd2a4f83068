import type { Architecture } from '../domain/model.ts';
import { shellQuote } from '../domain/shellQuote.ts';
import type { NativeFile } from './nativeFiles.ts';
import { npmPackageOf } from './packageNames.ts';
import { machineNamed, renamedFor } from './platformNames.ts';
import type { Wheel } from './wheels.ts';

/** Words of the tools for Lambda's architectures. */
const words = {
  x86_64: {
    npm: 'x64',
    wheel: 'manylinux2014_x86_64',
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
    go: 'arm64',
    docker: 'linux/arm64',
    rust: 'aarch64-unknown-linux-gnu',
    cargo: '--arm64',
    java: 'linux aarch64',
    dotnet: 'linux-arm64',
  },
} as const;

/** What usually brings a native file for the wanted architecture. `wheel`: the Python distribution it belongs to. */
export function cureOfFile(file: NativeFile, wanted: Architecture, where: string, wheel?: Wheel): string {
  const { docker, dotnet, go, java } = words[wanted];
  if (isLayer(where)) return cureOfLayer(where, wanted);
  if (wheel !== undefined) return cureOfWheel(wheel, wanted);
  const npm = npmPackageOf(file.path);
  if (npm !== undefined) {
    const isCompiledHere = /\/build\/(?:Release|Debug)\//.test(file.path);
    return isCompiledHere
      ? `docker run --rm --platform ${docker} -v "$PWD":/var/task -w /var/task public.ecr.aws/docker/library/node:22 npm rebuild ${shellQuote(npm.name)}`
      : cureOfNpm(npm.name, wanted);
  }
  if (file.kind === 'nodeAddon') return cureOfNpm(undefined, wanted);
  if (file.kind === 'pythonExtension') return pipInstall('-r requirements.txt', undefined, wanted);
  if (file.kind === 'dotnetReadyToRun') return `dotnet publish -c Release -r ${dotnet}`;
  if (/\.[jw]ar!\//.test(file.path)) {
    return `Use a version of the library that brings native code for ${java} (often a classifier of the same artifact), or build it for ${docker}.`;
  }
  if (file.isGo)
    return `GOOS=linux GOARCH=${go} go build -tags lambda.norpc -o ${shellQuote(file.path.split('/').at(-1) ?? 'bootstrap')} .`;
  if (file.kind === 'bootstrap') return cureOfProgram(wanted);
  return `Build it for ${docker} (docker run --platform ${docker} …), or take its vendor's download for ${wanted}.`;
}

export function cureOfNpm(name: string | undefined, wanted: Architecture): string {
  const { npm } = words[wanted];
  // A package for one platform is an optional dependency of another: npm chooses it anew.
  const isNamed = name !== undefined && machineNamed(name) === undefined;
  return `npm install --cpu=${npm} --os=linux --libc=glibc${isNamed ? ` ${shellQuote(name)}` : ''}`;
}

export function cureOfWheel({ name, version, pythonVersion }: Wheel, wanted: Architecture): string {
  return pipInstall(shellQuote(`${name}==${version}`), pythonVersion, wanted);
}

function pipInstall(what: string, pythonVersion: string | undefined, wanted: Architecture): string {
  const python = pythonVersion === undefined ? '' : `--python-version ${pythonVersion} `;
  return `pip install --platform ${words[wanted].wheel} --only-binary=:all: ${python}--upgrade --target package ${what}`;
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
