import type { Finding, Inspection } from './inspection.ts';
import type { PreflightInput } from './preflightInput.ts';

/** Libraries that come with the runtime, and of which the package has none of its own: another runtime brings another version. */
export function bundledFindings({ runtime, code, layers, change }: PreflightInput): readonly Finding[] {
  if (runtime === undefined || change === undefined || change.from === runtime) return [];
  const inspections: readonly (Inspection | undefined)[] = [code, ...layers.map(({ inspection }) => inspection)];
  const own = new Set(inspections.flatMap((inspection) => inspection?.reliance?.modules ?? []));
  const isAllRead = !inspections.includes(undefined);
  const seen = new Set<string>();
  return (code?.reliance?.imports ?? []).flatMap((one): readonly Finding[] => {
    const library = libraryOf(one.module);
    if (library === undefined || own.has(library) || seen.has(library)) return [];
    const judged = judge(library, runtime, change.from);
    if (judged === undefined) return [];
    seen.add(library);
    const isBlocking = judged.isMissing && one.isCertain && isAllRead;
    return [
      {
        where: 'function package',
        path: one.path,
        kind: 'bundledLibrary',
        architecture: 'unknown',
        reason: judged.reason,
        cure: judged.cure,
        package: library,
        blocking: isBlocking,
        notice: judged.isMissing ? undefined : true,
      },
    ];
  });
}

/** The package that a path in it belongs to, of those that runtimes bring. */
function libraryOf(module: string): string | undefined {
  return /^(?:aws-sdk(?=\/|$)|@aws-sdk\/[\w.-]+|@smithy\/[\w.-]+|boto3(?=\.|$)|botocore(?=\.|$))/.exec(module)?.[0];
}

interface Judged {
  /** The new runtime has none, and today's has. */
  readonly isMissing: boolean;
  readonly reason: string;
  readonly cure: string;
}

function judge(library: string, runtime: string, from: string | undefined): Judged | undefined {
  const [now, before] = [generationOf(runtime), generationOf(from)];
  if (now === undefined || before === undefined || now.language !== before.language) return undefined;
  if (now.language === 'python') {
    if (!/^boto/.test(library)) return undefined;
    return otherVersion(library, runtime, from, `pip install --target package ${library}`);
  }
  if (/^boto/.test(library)) return undefined;
  const generation = library === 'aws-sdk' ? 2 : 3;
  // What today's runtime does not bring either comes from elsewhere, or is never loaded.
  if (before.sdk !== generation) return undefined;
  const cure = `npm install ${library}`;
  if (now.sdk === generation) return otherVersion(library, runtime, from, cure);
  const instead = library === 'aws-sdk' ? '   (better: move to the clients of version 3, @aws-sdk/client-…)' : '';
  return {
    isMissing: true,
    reason: `needs ${library}, which comes with ${from} and not with ${runtime}`,
    cure: `Put it into the package: ${cure}${instead}`,
  };
}

function otherVersion(library: string, runtime: string, from: string | undefined, cure: string): Judged {
  return {
    isMissing: false,
    reason: `uses the ${library} that the runtime brings, and ${runtime} brings another version than ${from}`,
    cure: `To have the same one everywhere, put it into the package: ${cure}`,
  };
}

/** The AWS SDK for JavaScript is version 2 in the runtimes up to Node.js 16, and version 3 from 18 on (AWS docs, lambda-nodejs). */
function generationOf(runtime: string | undefined): { readonly language: string; readonly sdk: number } | undefined {
  const node = /^nodejs(\d+)\.(?:x|\d+)$/.exec(runtime ?? '')?.[1];
  if (node !== undefined) return { language: 'nodejs', sdk: Number(node) >= 18 ? 3 : 2 };
  return /^python3\.\d+$/.test(runtime ?? '') ? { language: 'python', sdk: 0 } : undefined;
}
