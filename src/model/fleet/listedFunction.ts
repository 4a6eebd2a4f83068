import type { Architecture } from '../configuration.ts';

/** A function as a list of an account has it: what a ranking needs, and no more, for there may be thousands. */
export interface ListedFunction {
  readonly functionName: string;
  readonly functionArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly runtime?: string | undefined;
  readonly packageType: 'Zip' | 'Image';
  readonly timeoutS: number;
  readonly ephemeralStorageMb: number;
  readonly inVpc: boolean;
  readonly hasFileSystem: boolean;
  /** Why tune would refuse it. */
  readonly cannotTune?: string | undefined;
}
