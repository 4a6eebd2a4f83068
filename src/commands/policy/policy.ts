import { z } from 'zod';
import { partitionOf } from '../../aws/client/arn.ts';
import { createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { type PolicyDocument, policyFor, policyForTarget } from '../../aws/policy/policy.ts';
import { longestManagedPolicy, policyFormats, policyLength } from '../../aws/policy/policyFormat.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { describeTarget } from '../../aws/target/target.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { layerArns } from '../../options/types.ts';
import { stagedPlace } from '../shared/builds.ts';
import { parseFlags } from '../shared/flags.ts';

const flagsSchema = z.strictObject({
  function: z.string().min(1).optional(),
  stagingBucket: z.string().min(3).optional(),
  x86Code: z.string().min(1).optional(),
  arm64Code: z.string().min(1).optional(),
  x86Layers: layerArns.optional(),
  arm64Layers: layerArns.optional(),
  x86Image: z.string().min(1).optional(),
  arm64Image: z.string().min(1).optional(),
  repositoryPolicy: z.boolean().default(false),
  format: z.enum(['json', 'terraform', 'cloudformation'], 'must be json, terraform or cloudformation').default('json'),
  region: z.string().min(1).optional(),
  profile: z.string().min(1).optional(),
  endpointUrl: z.url('must be a URL').optional(),
});

type PolicyFlags = z.infer<typeof flagsSchema>;

/** `tune policy`: prints the least that a run and its clean-up need. With a function, reads it; without, calls nothing. */
export async function runPolicy(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const parsed = parseFlags(flagsSchema, flags, 'policy');
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
  const { region, profile, endpointUrl, stagingBucket } = flags;
  const stagedBuilds = [flags.x86Code, flags.arm64Code].flatMap((source) =>
    source === undefined ? [] : (stagedPlace(source) ?? []),
  );
  const options = {
    stagingBucket,
    stagedBuilds: stagedBuilds.length === 0 ? undefined : stagedBuilds,
    layerArns: [...(flags.x86Layers ?? []), ...(flags.arm64Layers ?? [])],
    imageUris: [flags.x86Image, flags.arm64Image].filter((uri) => uri !== undefined),
    features: flags.repositoryPolicy ? (['repositoryPolicy'] as const) : [],
  };
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
      region: region ?? parseFunctionRef(flags.function).region,
      profile,
      endpointUrl,
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
