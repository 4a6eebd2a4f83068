import type { ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type AgentConnectOpts, Agent as DispatchingAgent } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** Whether HTTPS_PROXY or ALL_PROXY is set: neither the SDK nor Node 20 looks at them. */
export function usesProxy(env: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(env).some(([name, value]) => value && /^(https|all)_proxy$/i.test(name));
}

/**
 * For https requests: through the proxy, but straight to hosts that NO_PROXY names. Each host has its own pool of
 * `maxSockets` kept connections, as with Node's own agent. A proxy's URL may hold a password: no error repeats it.
 */
export function proxyingAgent(maxSockets: number): HttpAgent {
  return new ProxyingAgent({ keepAlive: true, maxSockets });
}

class ProxyingAgent extends DispatchingAgent {
  readonly #agents = new Map<string, HttpAgent>();
  readonly #settings: { readonly keepAlive: boolean; readonly maxSockets: number };

  constructor(settings: { readonly keepAlive: boolean; readonly maxSockets: number }) {
    // Otherwise requests would ask for their connection to be closed.
    super(settings);
    this.#settings = settings;
  }

  override connect(_request: ClientRequest, { host, port }: AgentConnectOpts): HttpAgent {
    const proxy = getProxyForUrl(`https://${host ?? 'localhost'}:${port ?? 443}`);
    let agent = this.#agents.get(proxy);
    if (agent === undefined) {
      agent = proxy === '' ? new HttpsAgent(this.#settings) : new HttpsProxyAgent(proxy, this.#settings);
      this.#agents.set(proxy, agent);
    }
    return agent;
  }

  override destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    super.destroy();
  }
}
