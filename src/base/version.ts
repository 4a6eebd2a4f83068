import { createRequire } from 'node:module';

/** From package.json, one folder above both src/ and dist/. */
export const toolVersion: string = (createRequire(import.meta.url)('../../package.json') as { version: string })
  .version;
