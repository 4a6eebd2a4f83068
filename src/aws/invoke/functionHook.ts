import { GetFunctionConfigurationCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { CostModel } from '../../model/costModel.ts';
import type { Hook, HookAnswer } from '../../model/hooks.ts';
import { worstCaseUsd } from '../../plan/estimate.ts';
import { invocationCostUsd } from '../../pricing/pricing.ts';
import { parseReportLine } from '../../report-line/reportLine.ts';
import { checkedConfiguration } from '../client/answers.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed, isAbort, isNotFound, serviceError } from '../client/failure.ts';
import { apiFunctionName, type FunctionRef } from '../target/functionRef.ts';
import { functionShapeOf } from '../target/functionShape.ts';

/** A function of the user's that is called before or after: what it may cost depends on its settings. */
export interface HookFunction {
  readonly ref: FunctionRef;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly timeoutS: number;
  readonly ephemeralStorageMb: number;
}

/** Reads only. @throws TuneError HOOK where there is none, ACCESS_DENIED, … */
export async function readHookFunction(clients: AwsClients, ref: FunctionRef, flag: string): Promise<HookFunction> {
  const name = apiFunctionName(ref);
  const answer = await clients.lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: ref.qualifier }))
    .catch((error: unknown) => {
      if (isNotFound(error)) {
        const asked = ref.qualifier === undefined ? name : `${name}:${ref.qualifier}`;
        throw new TuneError('USAGE', `There is no function ${asked} in ${clients.region} for ${flag}.`, {
          hint: `Check its name and --region. A command is given as a path or with cmd: — ${flag} ./script.sh`,
        });
      }
      throw callFailed(error, { operation: 'Lambda.GetFunctionConfiguration', resource: name });
    });
  const configuration = checkedConfiguration(answer, 'GetFunctionConfiguration');
  const { architecture, ephemeralStorageMb } = functionShapeOf(configuration);
  return {
    ref,
    memoryMb: configuration.MemorySize ?? 128,
    architecture,
    timeoutS: configuration.Timeout ?? 900,
    ephemeralStorageMb,
  };
}

/** US$ of one call that bills so long. */
export function hookCallUsd(hook: HookFunction, billedDurationMs: number, costModel: CostModel): number {
  return invocationCostUsd({ ...hook, billedDurationMs }, costModel);
}

/** `client`: with one attempt, as for the calls that are measured. */
export function functionHook(hook: HookFunction, flag: string, client: LambdaClient, costModel: CostModel): Hook {
  const worstUsd = worstCaseUsd(hook, { ...hook, snapStart: false }, costModel);
  return {
    flag,
    kind: 'function',
    worstCaseUsd: worstUsd,
    async run(input, signal): Promise<HookAnswer> {
      const failed = (reason: string, costUsd: number): HookAnswer => ({
        kind: 'failed',
        reason,
        lastLines: [],
        costUsd,
      });
      try {
        const answer = await client.send(
          new InvokeCommand({
            FunctionName: apiFunctionName(hook.ref),
            Qualifier: hook.ref.qualifier,
            InvocationType: 'RequestResponse',
            LogType: 'Tail',
            Payload: Buffer.from(input),
          }),
          { abortSignal: signal },
        );
        const tail = answer.LogResult === undefined ? '' : Buffer.from(answer.LogResult, 'base64').toString('utf8');
        const report = parseReportLine(tail, answer.$metadata.requestId ?? '');
        // What it took is not known: then it counts at its worst.
        const costUsd = report === undefined ? worstUsd : hookCallUsd(hook, report.billedDurationMs, costModel);
        if (answer.FunctionError !== undefined) return failed('the function failed', costUsd);
        const output = answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString('utf8');
        return { kind: 'done', output, costUsd };
      } catch (error) {
        if (isAbort(error)) return failed('the run was stopping', worstUsd);
        const { name, status } = serviceError(error);
        // Refused before it ran: nothing is billed.
        const wasRefused = status !== undefined && status < 500;
        return failed(`it could not be called (${name})`, wasRefused ? 0 : worstUsd);
      }
    },
  };
}
