import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Destination } from './subscription.ts';

/** Hands batches of telemetry to an extension's listener, one after the other. */
export interface Delivery {
  /** @throws when the listener does not take it, after some tries */
  send(lines: readonly string[]): Promise<void>;
  close(): void;
}

/** How long until the second, third and fourth try. */
const pausesMs = [50, 200, 800];

/** @param addresses what `sandbox.localdomain` may be here, in order */
export function openDelivery(destination: Destination, addresses: readonly string[]): Delivery {
  const closing = new AbortController();
  const { signal } = closing;
  const once = destination.protocol === 'HTTP' ? overHttp(destination, signal) : overTcp(destination.port, signal);

  async function anywhere(lines: readonly string[]): Promise<void> {
    for (const [index, address] of addresses.entries()) {
      try {
        return await once(address, lines);
      } catch (error) {
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isRefused || index === addresses.length - 1) throw error;
      }
    }
  }

  return {
    async send(lines) {
      for (const pauseMs of pausesMs) {
        try {
          return await anywhere(lines);
        } catch (error) {
          if (signal.aborted) throw error;
          await wait(pauseMs, undefined, { signal, ref: false });
        }
      }
      return anywhere(lines);
    },
    close: () => closing.abort(),
  };
}

type Once = (address: string, lines: readonly string[]) => Promise<void>;

function overHttp({ url, method }: Extract<Destination, { protocol: 'HTTP' }>, signal: AbortSignal): Once {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  signal.addEventListener('abort', () => agent.destroy());
  return (address, lines) =>
    new Promise((resolve, reject) => {
      const body = `[${lines.join(',')}]`;
      const sent = request(
        {
          ...{ agent, method, signal, host: address, port: url.port === '' ? 80 : Number(url.port) },
          path: `${url.pathname}${url.search}`,
          headers: { Host: url.host, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
        },
        (response) => {
          const { statusCode = 500 } = response;
          response.resume();
          response.once('error', reject);
          response.once('end', () => (statusCode < 400 ? resolve() : reject(new Error(`status ${statusCode}`))));
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
}

function overTcp(port: number, signal: AbortSignal): Once {
  let socket: Socket | undefined;
  signal.addEventListener('abort', () => socket?.destroy());
  return (address, lines) =>
    new Promise((resolve, reject) => {
      const open = socket?.writable === true ? socket : connect(port, address);
      socket = open;
      open.unref();
      const failed = (error: Error): void => {
        open.destroy();
        reject(error);
      };
      open.once('error', failed);
      open.write(lines.map((line) => `${line}\n`).join(''), (error) => {
        open.off('error', failed);
        // What becomes of the connection later shows in the next write.
        open.on('error', () => open.destroy());
        if (error) reject(error);
        else resolve();
      });
    });
}
