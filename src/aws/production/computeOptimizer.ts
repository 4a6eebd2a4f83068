import type { ComputeAdvice } from '../../model/production/worth.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';

const plainWord = /^[A-Za-z]{1,60}$/;

/**
 * What AWS Compute Optimizer says of a version; undefined: nothing (not enrolled yet, too few calls, above 1,792 MB). Free.
 * An unqualified ARN tells of `$LATEST` alone.
 */
export async function readComputeAdvice(
  clients: AwsClients,
  functionArn: string,
  signal: AbortSignal,
): Promise<ComputeAdvice | undefined> {
  try {
    const { GetLambdaFunctionRecommendationsCommand } = await import('@aws-sdk/client-compute-optimizer');
    const client = await clients.computeOptimizer();
    const answer = await client.send(new GetLambdaFunctionRecommendationsCommand({ functionArns: [functionArn] }), {
      abortSignal: signal,
    });
    const found = answer.lambdaFunctionRecommendations?.[0];
    if (found === undefined || !plainWord.test(String(found.finding))) return undefined;
    return {
      finding: String(found.finding),
      reasons: (found.findingReasonCodes ?? []).map(String).filter((reason) => plainWord.test(reason)),
      options: (found.memorySizeRecommendationOptions ?? []).flatMap((option) => {
        const savingsUsdPerMonth = option.savingsOpportunity?.estimatedMonthlySavings?.value;
        return option.memorySize === undefined || option.memorySize < 1
          ? []
          : [
              savingsUsdPerMonth === undefined || !(savingsUsdPerMonth >= 0)
                ? { memoryMb: option.memorySize }
                : { memoryMb: option.memorySize, savingsUsdPerMonth },
            ];
      }),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'ComputeOptimizer.GetLambdaFunctionRecommendations', resource: functionArn });
  }
}
