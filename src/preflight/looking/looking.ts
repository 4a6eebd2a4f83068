import type { Architecture } from '../../model/configuration.ts';
import type { InspectionBudget } from '../opening/budget.ts';
import type { VariantAsked } from './asked.ts';
import type { PackageEvidence } from './evidence.ts';

/** What looking at a file takes besides the file. */
export interface Looking {
  readonly wanted: Architecture;
  readonly budget: InspectionBudget;
  readonly evidence: PackageEvidence;
  /** How many archives it lies in; 0 in the package itself. */
  readonly depth: number;
  /** Only where a variant is looked at. */
  readonly variant?: VariantAsked | undefined;
}
