import { expect, it } from 'vitest';
import { stagedPlace } from '../../../src/commands/shared/overlays.ts';

it('a build lies in a bucket where it is an s3 URL with bucket and key', () => {
  expect(stagedPlace('s3://my-builds/a/orders.zip')).toEqual({ bucket: 'my-builds', key: 'a/orders.zip' });
  expect(stagedPlace('./orders.zip')).toBeUndefined();
});

it.each(['s3://', 's3://my-builds', 's3://my-builds/', 's3://UPPER/orders.zip'])('%s is refused', (source) => {
  expect(() => stagedPlace(source)).toThrow(`${source} names no object in a bucket.`);
});
