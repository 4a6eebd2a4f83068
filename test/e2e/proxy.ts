import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** A company's network in small: a name that only the proxy can reach, over TLS with a certificate of its own authority. */
export interface ProxiedService {
  /** `https://lambda.inside.test` */
  readonly url: string;
  /** With a password, as proxies of companies have. */
  readonly proxyUrl: string;
  readonly authority: string;
  /** What the proxy was asked to connect to. */
  readonly connected: readonly string[];
  close(): Promise<void>;
}

export const proxyPassword = 'canary-proxy-password';

/** In front of the service at `behind`, whose address must be in the Host header that it sees. */
export async function startProxiedService(folder: string, behind: string): Promise<ProxiedService> {
  const host = 'lambda.inside.test';
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const keys = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...keys, ...subject], { stdio: 'ignore' });
  const { host: behindHost } = new URL(behind);
  const service = createTlsServer(
    { key: await readFile(key), cert: await readFile(certificate) },
    (incoming, outgoing) => {
      const { method = 'GET', url = '/', headers } = incoming;
      const forwarded = httpRequest(
        `${behind}${url}`,
        { method, headers: { ...headers, host: behindHost } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      forwarded.on('error', () => outgoing.destroy());
      incoming.pipe(forwarded);
    },
  );
  const servicePort = await listening(service);
  const connected: string[] = [];
  const tunnels = new Set<Duplex>();
  const proxy = createServer((_, response) => response.writeHead(405).end());
  const expected = `Basic ${Buffer.from(`tune:${proxyPassword}`).toString('base64')}`;
  proxy.on('connect', ({ url = '', headers }, client) => {
    if (headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Not you\r\n\r\n');
      return;
    }
    connected.push(url);
    const upstream = connect(servicePort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      tunnels.add(socket);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  const proxyPort = await listening(proxy);
  return {
    url: `https://${host}`,
    proxyUrl: `http://tune:${proxyPassword}@127.0.0.1:${proxyPort}`,
    authority: certificate,
    connected,
    close: async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      for (const server of [proxy, service]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
