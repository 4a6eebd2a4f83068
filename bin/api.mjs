// The entry of the package: its functions, in this process. Types: api.d.mts.

import { createApi } from '../dist/index.js';
import { processFacts } from './processFacts.js';

export { costModelFor, invocationCostUsd, parseReportLine, TuneError, UnfinishedError } from '../dist/index.js';
export const { measure, check, migrate, observe } = createApi(processFacts);
