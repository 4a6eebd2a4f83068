import { type Architecture, otherArchitecture } from '../../model/configuration.ts';
import type { Preflight } from '../../model/preflight.ts';
import { bundledFindings } from './bundledLibraries.ts';
import type { Finding } from './inspection.ts';
import type { LayerFacts, PreflightInput } from './preflightInput.ts';
import { findingsOfChange } from './runtimeChange.ts';
import { runtimeSupports, successorOf } from './runtimeSupport.ts';
import { snapStartFindings } from './snapStart.ts';

/** Said with every verdict. */
export const evidenceNote =
  'This is evidence and not proof: files were read and nothing was run, so code that is downloaded, generated or unpacked at run time was not seen.';

/** From what was read of a function to whether it is ready for the architecture. */
export function judgePreflight(input: PreflightInput): Preflight {
  const inspections = [input.code, ...input.layers.map(({ inspection }) => inspection)].filter(
    (inspection) => inspection !== undefined,
  );
  const findings = [
    ...runtimeFindings(input),
    ...imageFindings(input),
    ...findingsOfChange(input),
    ...snapStartFindings(input),
    ...codeFindings(input),
    ...bundledFindings(input),
    ...input.layers.flatMap((layer) => layerFindings(layer, input.wanted)),
  ];
  const findingsLeftOut = inspections.reduce((sum, inspection) => sum + inspection.findingsLeftOut, 0);
  return {
    wanted: input.wanted,
    verdict: verdictOf(findings, findingsLeftOut),
    findings,
    findingsLeftOut,
    files: inspections.reduce((sum, inspection) => sum + inspection.files, 0),
    note: evidenceNote,
  };
}

function verdictOf(findings: readonly Finding[], findingsLeftOut: number): Preflight['verdict'] {
  if (findings.some(({ blocking }) => blocking)) return 'incompatible';
  const open = findings.filter(({ notice }) => notice !== true);
  return open.length === 0 && findingsLeftOut === 0 ? 'compatible' : 'unknown';
}

function runtimeFindings({ runtime, wanted }: PreflightInput): Finding[] {
  if (runtime === undefined) return [];
  const supported = runtimeSupports(runtime, wanted);
  if (supported === true) return [];
  return [
    {
      where: 'function',
      path: runtime,
      kind: 'runtime',
      architecture: supported === false ? otherArchitecture(wanted) : 'unknown',
      cure:
        supported === false
          ? `This runtime does not exist on ${wanted}: move to ${successorOf(runtime)} or newer first.`
          : `Whether this runtime exists on ${wanted} is not known here: see the list of runtimes in the Lambda documentation.`,
      blocking: supported === false,
    },
  ];
}

function imageFindings({ image, wanted }: PreflightInput): Finding[] {
  if (image === undefined || (image.kind === 'single' && image.architecture === wanted)) return [];
  const docker = wanted === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  const build = `docker buildx build --platform ${docker} --provenance=false --push -t <registry>/<image>:${wanted} .`;
  const finding = { where: 'image', path: '', kind: 'image' } as const;
  switch (image.kind) {
    case 'single': {
      const architecture = image.architecture === 'other' ? 'unknown' : image.architecture;
      return [{ ...finding, architecture, cure: build, blocking: true }];
    }
    case 'list':
      return [
        {
          ...finding,
          architecture: image.architectures.includes(wanted) ? wanted : 'unknown',
          cure: `Lambda takes no list of manifests: push an image of ${docker} alone. ${build}`,
          blocking: true,
        },
      ];
    case 'unknown':
      return [
        {
          ...finding,
          architecture: 'unknown',
          cure: `The platform could not be read (${image.reason}). Build: ${build}`,
          blocking: false,
        },
      ];
  }
}

function codeFindings({ code, image }: PreflightInput): readonly Finding[] {
  if (code !== undefined) return code.findings;
  if (image !== undefined) return [];
  return [
    {
      where: 'function package',
      path: '',
      kind: 'archive',
      architecture: 'unknown',
      cure: 'The package could not be read: give it with --arm64-code, or look at what it holds yourself.',
      blocking: false,
    },
  ];
}

/**
 * Content outweighs the declaration: a layer that declares an architecture may hold another's code, and one of scripts
 * alone runs anywhere, whatever it declares.
 */
function layerFindings({ arn, declared, inspection }: LayerFacts, wanted: Architecture): readonly Finding[] {
  const content = inspection?.findings ?? [];
  if (content.some(({ blocking }) => blocking)) return content;
  const layer = { where: arn, path: '', kind: 'layer', blocking: false } as const;
  const declaresOther = declared !== undefined && declared.length > 0 && !declared.includes(wanted);
  if (declaresOther) {
    const holdsWanted = (inspection?.natives[wanted] ?? 0) > 0;
    const seen =
      inspection === undefined ? 'could not be read' : holdsWanted ? `is built for ${wanted}` : 'holds no native code';
    const cure = `It declares ${declared.join(', ')} only, but its content ${seen}: Lambda does not hold a function to the declaration. Use the vendor's ${wanted} layer if there is one.`;
    return [...content, { ...layer, architecture: declared[0] ?? 'unknown', cure }];
  }
  if (inspection === undefined) {
    const cure = `Its content could not be read (lambda:GetLayerVersion on it is needed)${declared?.includes(wanted) ? `; it declares ${wanted}` : ''}.`;
    return [{ ...layer, architecture: 'unknown', cure }];
  }
  return content;
}
