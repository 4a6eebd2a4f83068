import { describe, expect, it } from 'vitest';
import { parseVariation } from '../../src/plan/variation.ts';

const insights = 'arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38';

describe('what is to be varied', () => {
  it.each([
    [
      'runtime=nodejs22.x, nodejs24.x',
      [
        { kind: 'runtime', runtime: 'nodejs22.x' },
        { kind: 'runtime', runtime: 'nodejs24.x' },
      ],
    ],
    [
      'snapstart=on,off',
      [
        { kind: 'snapStart', snapStart: 'on' },
        { kind: 'snapStart', snapStart: 'off' },
      ],
    ],
    ['layer:insights=without', [{ kind: 'layer', layer: 'insights', is: 'without' }]],
    [`layer:${insights}=with`, [{ kind: 'layer', layer: insights, is: 'with' }]],
    [
      `layers=${insights}|`,
      [
        { kind: 'layers', layers: [insights] },
        { kind: 'layers', layers: [] },
      ],
    ],
    [
      'env:NODE_OPTIONS=--max-semi-space-size=64,',
      [
        { kind: 'environment', name: 'NODE_OPTIONS', value: '--max-semi-space-size=64' },
        { kind: 'environment', name: 'NODE_OPTIONS', value: '' },
      ],
    ],
    [
      'code=./a,s3://builds/b.zip',
      [
        { kind: 'code', path: './a' },
        { kind: 'code', path: 's3://builds/b.zip' },
      ],
    ],
    ['log-level=warn', [{ kind: 'logLevel', logLevel: 'WARN' }]],
  ])('is read from %s', (text, axis) => {
    expect(parseVariation(text)).toEqual(axis);
  });

  it.each([
    ['runtime', 'names no values'],
    ['runtime=', 'names no values'],
    ['runtime=nodejs22.x,,', 'holds an empty value'],
    ['snapstart=yes', 'takes on, off'],
    ['log-level=LOUD', 'takes TRACE, DEBUG, INFO, WARN, ERROR, FATAL'],
    ['layer=with', 'names no layer'],
    ['layer:x=maybe', 'takes with, without'],
    ['env=1', 'names no variable'],
    ['env:A=1', 'names a variable that Lambda does not take'],
    ['env:AWS_REGION=eu-west-1', 'AWS_REGION is set by Lambda itself'],
    ['memory=512', 'memory is not something that can be varied'],
  ])('is refused: %s', (text, message) => {
    expect(() => parseVariation(text)).toThrow(message);
  });

  it.each([
    ['runtime=current,nodejs24.x', [{ kind: 'runtime', runtime: 'nodejs24.x' }]],
    ['snapstart=current,on', [{ kind: 'snapStart', snapStart: 'on' }]],
    ['layer:x=current', []],
    ['layers=current|', [{ kind: 'layers', layers: [] }]],
    ['env:MODE=lean,current', [{ kind: 'environment', name: 'MODE', value: 'lean' }]],
    ['code=current', []],
    ['log-level=current,WARN', [{ kind: 'logLevel', logLevel: 'WARN' }]],
  ])('may list what the function has today as `current`: %s', (text, axis) => {
    expect(parseVariation(text)).toEqual(axis);
  });

  it('never quotes the value of a variable', () => {
    expect(() => parseVariation('env:A B=hunter2')).toThrow(/^(?!.*hunter2)/);
  });
});
