import { partitionOf } from '../../aws/client/arn.ts';
import { createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { type PolicyDocument, policyFor, policyForTarget } from '../../aws/policy/policy.ts';
import { longestManagedPolicy, policyFormats, policyLength } from '../../aws/policy/policyFormat.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { describeTarget } from '../../aws/target/target.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { hookFunctions } from '../../plan/hooks.ts';
import { parsePayloadSource } from '../../plan/payloads/source.ts';
import { parseVariation } from '../../plan/variation.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { stagedPlace } from '../shared/overlays.ts';

type PolicyFlags = ToolOptions<'policy'>;

/** `tune policy`: prints the least that a run and its clean-up need. With a function, reads it; without, calls nothing. */
export async function runPolicy(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const parsed = parseFlags('policy', flags);
  const policy = await policyOf(parsed, io);
  io.stdout.write(policyFormats[parsed.format](policy));
  const length = policyLength(policy);
  if (length > longestManagedPolicy) {
    io.stderr.write(
      `tune: the policy has ${length} characters, and a managed policy ${longestManagedPolicy} at most: attach it in two.\n`,
    );
  }
  return ExitCode.ok;
}

async function policyOf(flags: PolicyFlags, io: Io): Promise<PolicyDocument> {
  const { region, stagingBucket } = flags;
  const stagedBuilds = [flags.x86Code, flags.arm64Code].flatMap((source) =>
    source === undefined ? [] : (stagedPlace(source) ?? []),
  );
  const source = flags.payload === undefined ? undefined : parsePayloadSource(flags.payload);
  const options = {
    purpose: flags.for === 'run' ? undefined : flags.for,
    stagingBucket,
    stagedBuilds: stagedBuilds.length === 0 ? undefined : stagedBuilds,
    layerArns: [...(flags.x86Layers ?? []), ...(flags.arm64Layers ?? []), ...addedLayers(flags.vary)],
    imageUris: [flags.x86Image, flags.arm64Image].filter((uri) => uri !== undefined),
    features: [
      ...(flags.repositoryPolicy ? (['repositoryPolicy'] as const) : []),
      ...(source?.kind === 'testEvent' ? (['testEvent'] as const) : []),
    ],
    payloadObject: source?.kind === 'object' ? source : undefined,
    hooks: hookFunctions(flags),
  };
  if (flags.function !== undefined && flags.for === 'fleet') {
    throw new TuneError('USAGE', 'A fleet is read as a whole: --for fleet goes without --function.', {
      hint: 'For one function: tune policy --for observe --function orders',
    });
  }
  if (flags.function === undefined) {
    io.stderr.write(
      'tune: for any function without layers, VPC, EFS, image or customer key, in any region of the partition. Name one with --function: then it is for that one alone, with what it uses.\n',
    );
    const somewhere = region ?? io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION;
    return policyFor(undefined, {
      ...options,
      features: ['cleanup', ...options.features],
      partition: somewhere === undefined ? undefined : partitionOf(somewhere),
    });
  }
  if (/[/\\]/.test(flags.function) && !flags.function.startsWith('arn:')) {
    throw new TuneError('USAGE', `${flags.function} is a path, which is measured here and needs no permission.`, {
      hint: 'Name a function of an account, such as orders or orders:live.',
    });
  }
  const clients = await createClients(
    {
      ...clientOptions(flags, region ?? parseFunctionRef(flags.function).region),
      viaProxy: usesProxy(io.env),
    },
    io,
  );
  try {
    const target = await describeTarget(clients, flags.function, { ignoreReservedConcurrency: true });
    return policyForTarget(target, options);
  } finally {
    clients.destroy();
  }
}

/** By ARN: what the function has already is named by its own configuration. */
function addedLayers(vary: readonly string[]): readonly string[] {
  const named = vary.flatMap(parseVariation).flatMap((change) => {
    if ('changes' in change) return [];
    if (change.kind === 'layers') return change.layers;
    return change.kind === 'layer' && change.is === 'with' ? [change.layer] : [];
  });
  return [...new Set(named.filter((layer) => layer.startsWith('arn:')))];
}
