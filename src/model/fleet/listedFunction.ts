import type { FunctionShape } from '../production/production.ts';

/** A function as a list of an account has it: what a ranking needs, and no more, for there may be thousands. */
export interface ListedFunction extends FunctionShape {
  readonly functionName: string;
  readonly functionArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly inVpc: boolean;
  readonly hasFileSystem: boolean;
  /** Why tune would refuse it. */
  readonly cannotTune?: string | undefined;
}
