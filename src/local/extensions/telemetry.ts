import { type Delivery, openDelivery } from './delivery.ts';
import type { Subscription } from './subscription.ts';
import { platformEvent, rendered, type TelemetryEvent } from './telemetryEvents.ts';

/** Passes on what happens in an environment to the extensions that asked for it. */
export interface Telemetry {
  emit(event: TelemetryEvent): void;
  /** It gets what happened since the environment's start, too. Another one of the same extension replaces it. */
  subscribe(extension: string, subscription: Subscription): void;
  apiOf(extension: string): Subscription['api'] | undefined;
  subscriptions(): readonly {
    readonly name: string;
    readonly api: Subscription['api'];
    readonly types: Subscription['types'];
  }[];
  /** Nobody can subscribe any more: what happened so far need not be kept. */
  closeSubscriptions(): void;
  isClosed(): boolean;
  /** Sends what is buffered now. Resolves when it is taken, or when that is hopeless. */
  flush(): Promise<void>;
  close(): void;
}

/** Of what happened before somebody subscribed. */
const maxEarlier = 10_000;
/** Batches of one subscriber that wait until it has taken the one before. */
const maxWaiting = 20;

/** @param addresses what `sandbox.localdomain` may be here */
export function createTelemetry(addresses: readonly string[]): Telemetry {
  const subscribers = new Map<string, Subscriber>();
  let earlier: TelemetryEvent[] | undefined = [];

  function emit(event: TelemetryEvent): void {
    if (earlier !== undefined && earlier.length < maxEarlier) earlier.push(event);
    for (const subscriber of subscribers.values()) subscriber.add(event);
  }

  return {
    emit,
    subscribe(extension, subscription) {
      subscribers.get(extension)?.close();
      const delivery = openDelivery(subscription.destination, addresses);
      const subscriber = openSubscriber(subscription, delivery);
      subscribers.set(extension, subscriber);
      for (const event of earlier ?? []) subscriber.add(event);
      const name = subscription.api === 'telemetry' ? 'telemetrySubscription' : 'logsSubscription';
      emit(platformEvent(new Date(), name, { name: extension, state: 'Subscribed', types: subscription.types }));
    },
    subscriptions: () => [...subscribers].map(([name, { api, types }]) => ({ name, api, types })),
    apiOf: (extension) => subscribers.get(extension)?.api,
    closeSubscriptions() {
      earlier = undefined;
    },
    isClosed: () => earlier === undefined,
    async flush() {
      await Promise.all([...subscribers.values()].map((subscriber) => subscriber.flush()));
    },
    close() {
      for (const subscriber of subscribers.values()) subscriber.close();
    },
  };
}

interface Subscriber {
  readonly api: Subscription['api'];
  readonly types: Subscription['types'];
  add(event: TelemetryEvent): void;
  flush(): Promise<void>;
  close(): void;
}

function openSubscriber({ api, types, schemaVersion, buffering }: Subscription, delivery: Delivery): Subscriber {
  let lines: string[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let waiting = 0;
  let sending = Promise.resolve();

  function addLine(line: string): void {
    lines.push(line);
    bytes += Buffer.byteLength(line);
    if (lines.length >= buffering.maxItems || bytes >= buffering.maxBytes) {
      hand();
      return;
    }
    timer ??= setTimeout(hand, buffering.timeoutMs).unref();
  }

  function hand(): void {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length === 0) return;
    const batch = { lines, bytes };
    lines = [];
    bytes = 0;
    if (waiting >= maxWaiting) {
      dropped(batch, 'the extension is slower than what is written');
      return;
    }
    waiting += 1;
    sending = sending
      .then(() => delivery.send(batch.lines))
      .catch(() => dropped(batch, 'the extension did not take them'))
      .finally(() => {
        waiting -= 1;
      });
  }

  function dropped(batch: { readonly lines: readonly string[]; readonly bytes: number }, reason: string): void {
    const record = { reason, droppedRecords: batch.lines.length, droppedBytes: batch.bytes };
    const line = rendered(platformEvent(new Date(), 'logsDropped', record), api, schemaVersion);
    // Without a timer of its own: a listener that is gone is not called again and again for it.
    if (line !== undefined) lines.push(line);
  }

  return {
    api,
    types,
    add(event) {
      if (!types.includes(event.category)) return;
      const line = rendered(event, api, schemaVersion);
      if (line !== undefined) addLine(line);
    },
    flush() {
      hand();
      return sending;
    },
    close() {
      clearTimeout(timer);
      delivery.close();
    },
  };
}
