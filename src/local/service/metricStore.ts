/** What CloudWatch would know of the invocations here, one sample each, in the order in which they ended. */

export interface InvocationSample {
  readonly functionName: string;
  /** As the caller named it: `orders` or `orders:live`. */
  readonly resource: string;
  readonly executedVersion: string;
  /** When it was admitted. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly isError: boolean;
  /** Invocations of the function at that moment, itself included, and of the whole account. */
  readonly concurrency: { readonly ofFunction: number; readonly ofAccount: number };
}

interface ThrottleSample {
  readonly functionName: string;
  readonly resource: string;
  readonly atMs: number;
}

/** One statistic of one metric, in steps that begin at whole multiples of their length. */
export interface AskedSeries {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: ReadonlyMap<string, string>;
  readonly statistic: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** What was counted before the endpoint began: start of a step → its value; a step without a value is not in it. */
type PastMetrics = (asked: AskedSeries) => ReadonlyMap<number, number>;

export interface MetricStore {
  past?: PastMetrics;
  invocations(): readonly InvocationSample[];
  throttles(): readonly ThrottleSample[];
  addInvocation(sample: InvocationSample): void;
  addThrottle(sample: ThrottleSample): void;
}

/** An endpoint that is kept up for days must not grow: the oldest are forgotten. */
const maxSamples = 200_000;

export function createMetricStore(): MetricStore {
  const invocations: InvocationSample[] = [];
  const throttles: ThrottleSample[] = [];
  const add = <Sample>(samples: Sample[], sample: Sample): void => {
    samples.push(sample);
    if (samples.length > maxSamples) samples.splice(0, maxSamples / 2);
  };
  return {
    invocations: () => invocations,
    throttles: () => throttles,
    addInvocation: (sample) => add(invocations, sample),
    addThrottle: (sample) => add(throttles, sample),
  };
}

/** The function and its qualifier in an ARN. */
export function resourceOfArn(arn: string): string {
  return arn.split(':').slice(6).join(':');
}
