import type { Sheet } from './row.ts';

const measured = { tune: {}, migrate: {} } as const;

/** Other builds of the function, by architecture. */
export const builds = {
  x86Code: {
    value: 'path',
    takes: { kind: 'text' },
    help: 'build for x86_64: a folder, zip or s3://bucket/key',
    completes: 'file',
    on: { ...measured, policy: { value: 's3-url', help: 'a build for x86_64 in S3 that is to be read' } },
  },
  arm64Code: {
    value: 'path',
    takes: { kind: 'text' },
    help: 'build for arm64: a folder, zip or s3://bucket/key',
    completes: 'file',
    on: { ...measured, policy: { value: 's3-url', help: 'a build for arm64 in S3 that is to be read' } },
  },
  x86Layers: {
    value: 'arns',
    takes: { kind: 'layerArns' },
    help: "layers for x86_64, in place of the function's own",
    on: { ...measured, policy: {} },
  },
  arm64Layers: {
    value: 'arns',
    takes: { kind: 'layerArns' },
    help: "layers for arm64, in place of the function's own",
    on: { ...measured, policy: {} },
  },
  x86Image: {
    value: 'uri',
    takes: { kind: 'text' },
    help: 'image of the x86_64 build',
    on: { ...measured, policy: { help: 'image of the x86_64 build: its repository' } },
  },
  arm64Image: {
    value: 'uri',
    takes: { kind: 'text' },
    help: 'image of the arm64 build',
    on: { ...measured, policy: { help: 'image of the arm64 build: its repository' } },
  },
} as const satisfies Sheet;
