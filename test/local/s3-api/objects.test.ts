import { Readable } from 'node:stream';
import { CreateFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, role, settled, startLab } from '../lab.ts';

const Bucket = 'stage';
let lab: Lab;
afterEach(() => lab.close());

describe('a versioned bucket', () => {
  it('keeps a version behind a delete marker until it is deleted by its id', async () => {
    lab = await startLab();
    await lab.s3.send(new CreateBucketCommand({ Bucket }));
    await lab.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const object = { Bucket, Key: 'tune/a <b>&.zip' };
    const { VersionId } = await lab.s3.send(new PutObjectCommand({ ...object, Body: Buffer.from('one') }));
    expect((await lab.s3.send(new DeleteObjectCommand(object))).DeleteMarker).toBe(true);
    await expect(lab.s3.send(new GetObjectCommand(object))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { Body } = await lab.s3.send(new GetObjectCommand({ ...object, VersionId }));
    expect(await Body?.transformToString()).toBe('one');
    const listed = await lab.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map((each) => [each.Key, each.VersionId, each.IsLatest])).toEqual([
      [object.Key, VersionId, false],
    ]);
    expect(listed.DeleteMarkers).toHaveLength(1);
    await lab.s3.send(new DeleteObjectCommand({ ...object, VersionId }));
    await lab.s3.send(new DeleteObjectCommand({ ...object, VersionId: listed.DeleteMarkers?.[0]?.VersionId }));
    expect(lab.endpoint.snapshot().objects).toEqual([]);
  });
});

describe('a bucket without versions', () => {
  it('is listed in pages, by both versions of the list', async () => {
    lab = await startLab();
    await lab.s3.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['b', 'a/2', 'a/1']) await lab.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const pages = [];
    for await (const page of paginateListObjectsV2({ client: lab.s3, pageSize: 1 }, { Bucket })) {
      pages.push(page.Contents?.map(({ Key }) => Key));
    }
    expect(pages).toEqual([['a/1'], ['a/2'], ['b']]);
    const first = await lab.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
    const second = await lab.s3.send(new ListObjectsCommand({ Bucket, Marker: first.NextMarker }));
    expect([first.IsTruncated, first.NextMarker]).toEqual([true, 'a/2']);
    expect([second.IsTruncated, second.Contents?.map(({ Key }) => Key)]).toEqual([false, ['b']]);
  });

  it('overwrites and deletes, and takes streamed (chunked) uploads', async () => {
    lab = await startLab();
    await lab.s3.send(new CreateBucketCommand({ Bucket }));
    const object = { Bucket, Key: 'k' };
    await lab.s3.send(new PutObjectCommand({ ...object, Body: 'one' }));
    const content = Buffer.alloc(200_000, 'chunk');
    await lab.s3.send(
      new PutObjectCommand({
        ...object,
        Body: Readable.from([content.subarray(0, 70_001), content.subarray(70_001)]),
        ContentLength: content.length,
      }),
    );
    expect((await lab.s3.send(new HeadObjectCommand(object))).ContentLength).toBe(200_000);
    const { Body, VersionId } = await lab.s3.send(new GetObjectCommand(object));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    expect(VersionId).toBeUndefined();
    await lab.s3.send(new DeleteObjectCommand(object));
    await expect(lab.s3.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('gives the part of an object that is asked for, as clients do that fetch large ones in pieces', async () => {
    lab = await startLab();
    await lab.s3.send(new CreateBucketCommand({ Bucket }));
    const object = { Bucket, Key: 'k' };
    const { ETag } = await lab.s3.send(new PutObjectCommand({ ...object, Body: '0123456789' }));
    const part = async (Range: string) => {
      const { Body, ContentRange } = await lab.s3.send(new GetObjectCommand({ ...object, Range, IfMatch: ETag }));
      return [await Body?.transformToString(), ContentRange];
    };
    expect(await part('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await part('bytes=8-99')).toEqual(['89', 'bytes 8-9/10']);
    expect(await part('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=-3')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=0-1,4-5')).toEqual(['0123456789', undefined]);
    await expect(part('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(lab.s3.send(new GetObjectCommand({ ...object, IfMatch: '"other"' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });

  it('says of a bucket that is not there what it is', async () => {
    lab = await startLab();
    await expect(lab.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
});

describe('staged code', () => {
  it('is taken from the bucket, by version where one is named', async () => {
    lab = await startLab({ testing: settled });
    await lab.s3.send(new CreateBucketCommand({ Bucket }));
    await lab.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const direct = await lab.create();
    const { VersionId } = await lab.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: lab.zip }));
    await lab.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'no zip' }));
    const staged = { FunctionName: 'staged', Role: role, Runtime: 'python3.13', Handler: 'a.b' } as const;
    const create = (Code: object) => lab.lambda.send(new CreateFunctionCommand({ ...staged, Code }));
    await expect(create({ S3Bucket: Bucket, S3Key: 'missing' })).rejects.toThrow(/NoSuchKey/);
    await expect(create({ S3Bucket: 'nowhere', S3Key: 'k' })).rejects.toThrow(/NoSuchBucket/);
    await expect(create({ S3Bucket: Bucket, S3Key: 'k' })).rejects.toThrow(/Could not unzip/);
    const made = await create({ S3Bucket: Bucket, S3Key: 'k', S3ObjectVersion: VersionId });
    expect(made.CodeSha256).toBe(direct.CodeSha256);
    const update = { FunctionName: 'staged', S3Bucket: Bucket, S3Key: 'k', S3ObjectVersion: VersionId };
    expect((await lab.lambda.send(new UpdateFunctionCodeCommand(update))).CodeSha256).toBe(direct.CodeSha256);
  });
});
