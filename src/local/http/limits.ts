/** Sizes that the service states, in bytes. */

/** Above this a zip comes from S3. */
export const maxDirectZipBytes = 52_428_800;
/** Body of CreateFunction and UpdateFunctionCode: the zip in base64 and the rest. */
export const maxCodeRequestBytes = 70_167_211;
export const maxSyncPayloadBytes = 6_291_456;
/** Of a function's answer in one piece: 100 bytes more, as the runtime interface emulator has it. [memory] */
export const maxResponseBytes = 6_291_556;
/** Of one that is streamed: 200 MB (AWS docs, gettingstarted-limits; 20 MB before 2025). */
export const maxStreamedBytes = 209_715_200;
export const maxEventPayloadBytes = 1_048_576;
/** Bodies of everything else; the largest are configurations with 4 KB of variables. */
export const maxControlRequestBytes = 1_048_576;
/** Staged packages are at most what Lambda unpacks. */
export const maxObjectBytes = 262_144_000;
