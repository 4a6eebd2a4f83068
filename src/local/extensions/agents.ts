import { randomUUID } from 'node:crypto';

/**
 * The extensions of one environment and what state each is in, with the refusals of the Extensions API. An *external* one is a
 * program in /opt/extensions, named as its file; an *internal* one is part of the runtime process and registers any other name.
 * States, error types and their order as in AWS's runtime interface emulator, where they are published.
 */
export interface Agents {
  /** Another one each time; the runtime may be started once all external ones are registered. */
  register(name: string, events: readonly string[]): Agent | Refusal;
  find(id: string): Agent | undefined;
  /** `take` gets the next event, now or when there is one. */
  next(agent: Agent, take: (event: object) => void): Refusal | undefined;
  /** A client that gives up waiting may ask again. */
  giveUp(agent: Agent): void;
  fail(agent: Agent, when: 'InitError' | 'ExitError', errorType: string): Refusal | undefined;
  exited(name: string): void;
  /** None can register any more. */
  close(): void;
  initEnded(): void;
  list(): readonly Agent[];
  areRegistered(): boolean;
  /** Each waits for an event; once init is over, only those that are told of invocations have to. */
  areReady(): boolean;
  /** To all that wait and want it. */
  send(kind: LifecycleEvent, event: object): void;
}

type LifecycleEvent = 'INVOKE' | 'SHUTDOWN';

export interface Agent {
  readonly name: string;
  readonly id: string;
  readonly kind: 'external' | 'internal';
  events: readonly LifecycleEvent[];
  state: 'Started' | 'Registered' | 'Ready' | 'Running' | 'InitError' | 'ExitError' | 'Exited';
  errorType?: string;
  take?: ((event: object) => void) | undefined;
}

export interface Refusal {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Of external and internal ones together. */
export const maxAgents = 10;

export function createAgents(externalNames: readonly string[]): Agents {
  const agents: Agent[] = externalNames.map((name) => newAgent(name, 'external', 'Started'));
  let isClosed = false;
  let isInitOver = false;

  function registerInternal(name: string, events: readonly string[]): Agent | Refusal {
    const unknown = events.find((event) => event !== 'INVOKE');
    if (unknown === 'SHUTDOWN') {
      return refusal('InvalidEventType', 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension');
    }
    if (unknown !== undefined) return refusal('InvalidEventType', `${unknown}: ErrorInvalidEventType`);
    if (isClosed) return refusal('RegistrationClosed', 'Extension registration closed already');
    if (agents.length >= maxAgents) return refusal('TooManyExtensions', `Extension limit (${maxAgents}) reached`);
    if (agents.some((agent) => agent.name === name)) {
      return refusal('InvalidExtensionState', 'Extension with this name already registered');
    }
    const agent = newAgent(name, 'internal', 'Registered');
    agent.events = [...new Set(events.map(() => 'INVOKE' as const))];
    agents.push(agent);
    return agent;
  }

  return {
    register(name, events) {
      const agent = agents.find((one) => one.kind === 'external' && one.name === name);
      if (agent === undefined) return registerInternal(name, events);
      const unknown = events.find((event) => !isLifecycleEvent(event));
      if (unknown !== undefined) return refusal('InvalidEventType', `${unknown}: ErrorInvalidEventType`);
      if (agent.state !== 'Started') return notAllowed(agent, 'Registered', agent.name);
      agent.events = [...new Set(events.filter(isLifecycleEvent))];
      agent.state = 'Registered';
      return agent;
    },
    find: (id) => agents.find((agent) => agent.id === id && agent.state !== 'Started'),
    next(agent, take) {
      if (agent.state !== 'Registered' && agent.state !== 'Running') return notAllowed(agent, 'Ready', agent.id);
      agent.state = 'Ready';
      agent.take = take;
      return undefined;
    },
    giveUp(agent) {
      if (agent.state !== 'Ready') return;
      agent.state = 'Running';
      agent.take = undefined;
    },
    fail(agent, when, errorType) {
      const allowed = when === 'InitError' ? ['Registered'] : ['Registered', 'Ready', 'Running'];
      // Said again, it changes nothing, nor the type.
      if (agent.state === when) return undefined;
      if (!allowed.includes(agent.state)) {
        return notAllowed(agent, when === 'InitError' ? 'InitError' : 'Exited', agent.id);
      }
      agent.state = when;
      agent.errorType = errorType;
      // What it still asks for is not answered any more.
      agent.take = undefined;
      return undefined;
    },
    exited(name) {
      const agent = agents.find((one) => one.kind === 'external' && one.name === name);
      if (agent === undefined) return;
      if (agent.state !== 'InitError' && agent.state !== 'ExitError') agent.state = 'Exited';
      agent.take = undefined;
    },
    close() {
      isClosed = true;
    },
    initEnded() {
      isInitOver = true;
    },
    list: () => agents,
    areRegistered: () => agents.every(({ state }) => state !== 'Started'),
    areReady: () =>
      agents.every(({ state, events }) => state === 'Ready' || (isInitOver && !events.includes('INVOKE'))),
    send(kind, event) {
      for (const agent of agents) {
        const { take } = agent;
        if (take === undefined || !agent.events.includes(kind)) continue;
        agent.state = 'Running';
        agent.take = undefined;
        take(event);
      }
    },
  };
}

function newAgent(name: string, kind: Agent['kind'], state: Agent['state']): Agent {
  return { name, kind, state, id: randomUUID(), events: [] };
}

function isLifecycleEvent(event: string): event is LifecycleEvent {
  return event === 'INVOKE' || event === 'SHUTDOWN';
}

function notAllowed(agent: Agent, to: string, called: string): Refusal {
  return refusal(
    'InvalidExtensionState',
    `State transition from ${agent.state} to ${to} failed for extension ${called}. Error: State transition is not allowed`,
  );
}

function refusal(type: string, errorMessage: string): Refusal {
  return { errorType: `Extension.${type}`, errorMessage };
}
