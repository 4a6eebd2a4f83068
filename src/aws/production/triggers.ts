import { GetPolicyCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { present } from '../../base/present.ts';
import type { Trigger, Triggers } from '../../model/traffic.ts';
import type { Warning } from '../../model/warning.ts';
import type { AwsClients } from '../client/client.ts';
import { isDenied, isNotFound } from '../client/failure.ts';
import { apiFunctionName, parseFunctionRef } from '../target/functionRef.ts';
import { repeated } from './pages.ts';

export interface ReadTriggers {
  /** Undefined: neither could be read. */
  readonly triggers?: Triggers | undefined;
  readonly warnings: readonly Warning[];
}

interface Asked {
  readonly functionName: string;
  /** An alias or version has a policy and mappings of its own. */
  readonly qualifier?: string | undefined;
}

/**
 * Of what the user named, before anything was read of it. Undefined: mappings of an alias or version are asked for by ARN, and that is
 * known when the function has been read.
 */
export function askedAtOnce(clients: Pick<AwsClients, 'region'>, reference: string): Asked | undefined {
  const ref = parseFunctionRef(reference);
  const { functionName, partition, region = clients.region, accountId } = ref;
  // That is refused anyway.
  if (region !== clients.region) return undefined;
  if (ref.qualifier === undefined || ref.qualifier === '$LATEST') return { functionName: apiFunctionName(ref) };
  if (partition === undefined) return undefined;
  return {
    functionName: `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`,
    qualifier: ref.qualifier,
  };
}

/** Only to say what counts, so whatever goes wrong is one notice, and the run goes on. Never rejects. */
export async function readTriggers(clients: AwsClients, asked: Asked, signal: AbortSignal): Promise<ReadTriggers> {
  const reads = await Promise.allSettled([readMappings(clients, asked, signal), readPolicy(clients, asked, signal)]);
  const found = reads.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []));
  const missed = reads.flatMap((read, index) =>
    read.status === 'fulfilled'
      ? []
      : [`${actions[index]}${isDenied(read.reason) ? ' is denied' : ' gave no usable answer'}`],
  );
  return {
    triggers: found.length === 0 ? undefined : found.flat(),
    warnings:
      missed.length === 0
        ? []
        : [
            {
              code: 'triggersUnreadable',
              text: `Not all triggers of the function could be read (${missed.join(', ')}): who calls it is known in part at most.`,
            },
          ],
  };
}

const actions = ['lambda:ListEventSourceMappings', 'lambda:GetPolicy'] as const;

async function readMappings(clients: AwsClients, asked: Asked, signal: AbortSignal): Promise<Triggers> {
  const found = new Map<string, Trigger>();
  const { functionName, qualifier } = asked;
  const named = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  await repeated('Lambda ListEventSourceMappings', async (marker) => {
    const answer = await clients.lambda.send(
      new ListEventSourceMappingsCommand(present({ FunctionName: named, MaxItems: 100, Marker: marker })),
      { abortSignal: signal },
    );
    for (const { EventSourceArn: source, State: state, BatchSize: size } of answer.EventSourceMappings ?? []) {
      if (state === 'Disabled') continue;
      // Kafka outside of AWS has no ARN.
      const service = /^arn:[a-z-]+:([a-z0-9-]{2,30}):/.exec(source ?? '')?.[1] ?? 'kafka';
      const batchSize = size !== undefined && Number.isInteger(size) && size > 0 ? size : undefined;
      found.set(`${service} ${batchSize}`, { service, kind: 'batches', by: 'mapping', batchSize });
    }
    return answer.NextMarker;
  });
  return [...found.values()];
}

async function readPolicy(clients: AwsClients, asked: Asked, signal: AbortSignal): Promise<Triggers> {
  const request = present({ FunctionName: asked.functionName, Qualifier: asked.qualifier });
  try {
    const { Policy: text = '' } = await clients.lambda.send(new GetPolicyCommand(request), { abortSignal: signal });
    return triggersOfPolicy(text);
  } catch (error) {
    // It has none: nobody was let in but by roles of the account.
    if (isNotFound(error)) return [];
    throw error;
  }
}

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.object({
  Effect: z.string(),
  Principal: z.union([
    z.string().transform((anyone) => ({ Service: [] as string[], AWS: [anyone] })),
    z.object({ Service: oneOrMore.default([]), AWS: oneOrMore.default([]) }),
  ]),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const policyDocument = z.object({ Statement: z.array(statement) });

/** By principal. @throws where it is no policy document */
export function triggersOfPolicy(text: string): Triggers {
  const found = new Map<string, Trigger>();
  for (const { Effect: effect, Principal: principal, Condition: condition = {} } of policyDocument.parse(
    JSON.parse(text),
  ).Statement) {
    if (effect !== 'Allow') continue;
    const isUrl = Object.values(condition).some((keys) =>
      Object.keys(keys).some((key) => /^lambda:(FunctionUrlAuthType|InvokedViaFunctionUrl)$/i.test(key)),
    );
    const services = isUrl
      ? ['url']
      : [
          ...principal.Service.flatMap(
            (name) => /^([a-z0-9-]{2,40})\.(?:[a-z0-9-]+\.)*amazonaws\.com/.exec(name)?.[1] ?? [],
          ),
          ...(principal.AWS.length > 0 ? ['direct'] : []),
        ];
    for (const service of services) found.set(service, { service, kind: kindOf(service), by: 'policy' });
  }
  return [...found.values()];
}

const waiting: ReadonlySet<string> = new Set([
  'url',
  'direct',
  'apigateway',
  'elasticloadbalancing',
  'cognito-idp',
  'edgelambda',
  'lex',
  'lexv2',
  'vpc-lattice',
  'bedrock',
]);

/** `events` with an ARN of a rule: whether it has a schedule or a pattern, the policy does not say. */
function kindOf(service: string): Trigger['kind'] {
  if (waiting.has(service)) return 'synchronous';
  return service === 'events' || service === 'scheduler' ? 'schedule' : 'events';
}
