// The entry of the package: its functions, in this process. Types: api.d.ts.

import { processFacts } from '../bin/processFacts.js';
import { createApi } from '../dist/index.js';

export { costModelFor, invocationCostUsd, parseReportLine, TuneError, UnfinishedError } from '../dist/index.js';
export const { measure, check, migrate, observe } = createApi(processFacts);
