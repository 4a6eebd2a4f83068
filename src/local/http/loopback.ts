import type { Server } from 'node:http';

/** Where a server listens; `host` as it stands in a URL. */
export interface LoopbackAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens on loopback only: whoever can connect can run code here. On IPv4, which every client knows; where that has no
 * loopback (IPv6-only hosts and containers), on IPv6. Port 0 takes a free one.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<LoopbackAddress> {
  try {
    return { host: '127.0.0.1', port: await listenOn(server, '127.0.0.1', port) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
    return { host: '[::1]', port: await listenOn(server, '::1', port) };
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The endpoint got no port'));
    });
  });
}
