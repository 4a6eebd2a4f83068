import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

const Bucket = 'staging';
const Key = 'a/package.zip';
let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
  await lab.s3.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => lab.close());

async function begin(): Promise<string> {
  return (
    (await lab.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'application/zip' }))).UploadId ??
    ''
  );
}

const put = async (UploadId: string, PartNumber: number, Body: Buffer) =>
  (await lab.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag;

const complete = (UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[]) =>
  lab.s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: Parts.map(({ PartNumber, ETag = '' }) => ({ PartNumber, ETag })) },
    }),
  );

const large = Buffer.alloc(5_242_880, 'a');

describe('a multipart upload', () => {
  it('becomes one object of the parts that are named, in order', async () => {
    const id = await begin();
    const second = await put(id, 7, Buffer.from('end'));
    const first = await put(id, 2, large);
    await put(id, 5, Buffer.from('not named'));
    const { Parts = [] } = await lab.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [2, 5_242_880],
      [5, 9],
      [7, 3],
    ]);
    await expect(lab.s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });
    const made = await complete(id, [
      { PartNumber: 2, ETag: first },
      { PartNumber: 7, ETag: second },
    ]);
    expect(made).toMatchObject({ Bucket, Key, ETag: expect.stringMatching(/^"[0-9a-f]{32}-2"$/) });
    const { Body, ContentType, ETag } = await lab.s3.send(new GetObjectCommand({ Bucket, Key }));
    const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect([content.length, content.subarray(-4).toString(), ContentType, ETag]).toEqual([
      5_242_883,
      'aend',
      'application/zip',
      made.ETag,
    ]);
    await expect(put(id, 1, large)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('leaves nothing when it is aborted', async () => {
    const id = await begin();
    await put(id, 1, large);
    await lab.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
    await expect(lab.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
    await expect(lab.s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('is refused with parts that are too small, out of order or not there', async () => {
    const id = await begin();
    const [one, two] = [await put(id, 1, Buffer.from('small')), await put(id, 2, large)];
    const parts = [
      { PartNumber: 1, ETag: one },
      { PartNumber: 2, ETag: two },
    ];
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(id, parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(id, [{ PartNumber: 2, ETag: one }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(id, [{ PartNumber: 3, ETag: one }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(put(id, 10_001, large)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

it('refuses what it does not have by its name, and makes nothing of it', async () => {
  await lab.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content' }));
  const copied = { Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` };
  const lacking = (name: string) => ({
    name: 'NotImplemented',
    message: `This endpoint does not have the operation ${name}.`,
    $metadata: expect.objectContaining({ httpStatusCode: 501 }),
  });
  await expect(lab.s3.send(new CopyObjectCommand(copied))).rejects.toMatchObject(lacking('CopyObject'));
  await expect(lab.s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).rejects.toMatchObject({ name: 'NotFound' });
  const part = { ...copied, UploadId: await begin(), PartNumber: 1 };
  await expect(lab.s3.send(new UploadPartCopyCommand(part))).rejects.toMatchObject(lacking('UploadPartCopy'));
  await expect(lab.s3.send(new GetObjectAclCommand({ Bucket, Key }))).rejects.toMatchObject(lacking('GetObjectAcl'));
  const gone = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } });
  await expect(lab.s3.send(gone)).rejects.toMatchObject(lacking('DeleteObjects'));
  expect((await lab.s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(7);
});
