import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsClients, createClients } from '../../../src/aws/client/client.ts';
import { readImageManifest } from '../../../src/aws/target/imageManifest.ts';
import { imagePlatformOf } from '../../../src/migrate/preflight/image.ts';

const uri = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/orders:arm64';
const digest = `sha256:${'a'.repeat(64)}`;
const never = new AbortController().signal;

/** A registry on the wire, spoken to by the real SDK. */
describe('the platform of an image in ECR', () => {
  let server: Server;
  let clients: AwsClients;
  let asked: { target: string; body: unknown }[];
  let answers: Readonly<Record<string, unknown>>;
  let config: string;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    asked = [];
    config = JSON.stringify({ architecture: 'arm64', os: 'linux' });
    server = createServer((request, response) => {
      if (request.method === 'GET') {
        response.end(config);
        return;
      }
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const target = String(request.headers['x-amz-target']).replace(/^.*\./, '');
        asked.push({ target, body: JSON.parse(text) });
        const answer = answers[target];
        response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(
          JSON.stringify(answer ?? { __type: 'RepositoryNotFoundException', message: 'no such repository' }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    clients = await createClients(
      { region: 'eu-central-1', endpointUrl: url(), credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
      { monotonicMs: () => performance.now(), random: Math.random, sleep: async () => undefined },
    );
    answers = {
      BatchGetImage: { images: [{ imageManifest: JSON.stringify({ schemaVersion: 2, config: { digest } }) }] },
      GetDownloadUrlForLayer: { downloadUrl: `${url()}/config?signature=secret` },
    };
  });
  afterEach(() => {
    clients.destroy();
    server.close();
  });

  const platform = async (of = uri) => {
    const read = await readImageManifest(clients, of, never);
    return 'reason' in read ? read.reason : imagePlatformOf(read.manifest, read.config);
  };

  it('is what its config says', async () => {
    expect(await platform()).toEqual({ kind: 'single', architecture: 'arm64' });
    expect(asked.map(({ target }) => target)).toEqual(['BatchGetImage', 'GetDownloadUrlForLayer']);
    expect(asked[0]?.body).toMatchObject({
      registryId: '123456789012',
      repositoryName: 'shop/orders',
      imageIds: [{ imageTag: 'arm64' }],
    });
    config = JSON.stringify({ architecture: 'amd64', os: 'linux' });
    expect(await platform()).toEqual({ kind: 'single', architecture: 'x86_64' });
  });

  it('is asked for by digest where one is named, and as latest where nothing is', async () => {
    await platform(`${uri.replace(':arm64', '')}@${digest}`);
    await platform(uri.replace(':arm64', ''));
    const ids = asked.filter(({ target }) => target === 'BatchGetImage').map(({ body }) => body);
    expect(ids).toMatchObject([{ imageIds: [{ imageDigest: digest }] }, { imageIds: [{ imageTag: 'latest' }] }]);
  });

  it('is a list where the manifest is one, without a look at any config', async () => {
    const manifests = [{ platform: { architecture: 'arm64', os: 'linux' } }, { platform: { architecture: 'amd64' } }];
    answers = { BatchGetImage: { images: [{ imageManifest: JSON.stringify({ manifests }) }] } };
    expect(await platform()).toEqual({ kind: 'list', architectures: ['arm64', 'x86_64'] });
  });

  it('is unknown, with the reason, where something is missing, damaged or refused', async () => {
    expect(await platform('docker.io/library/node:22')).toBe('its name is not that of an image in ECR');
    config = 'not json';
    expect(await platform()).toEqual({ kind: 'unknown', reason: 'its config names no architecture' });
    answers = { BatchGetImage: { images: [] } };
    expect(await platform()).toBe('there is no such image');
    answers = { BatchGetImage: { images: [{ imageManifest: '[1,' }] } };
    expect(await platform()).toMatchObject({ kind: 'unknown' });
    answers = {};
    expect(await platform()).toMatch(/RepositoryNotFoundException/);
  });

  it('shows no presigned location', async () => {
    answers = { ...answers, GetDownloadUrlForLayer: { downloadUrl: 'http://127.0.0.1:9/config?signature=secret' } };
    const said = await platform();
    expect(said).toMatch(/^its config cannot be downloaded/);
    expect(said).not.toContain('secret');
  });
});
