/**
 * What takes long to make and is the same for the next one of its kind, made ahead: one of a kind, and of the kinds that were asked
 * for last only. It is made while others start, when whoever asks for one says so, and never of itself.
 */
export interface Spares<Thing> {
  /** The one made ahead if it is still good, else a new one. */
  take(kind: string, make: () => Promise<Thing>): Promise<Thing>;
  /** Makes one ahead, where there is none of the kind. */
  prepare(kind: string, make: () => Promise<Thing>): void;
  /** Removes what nobody took, and makes none any more. */
  close(): Promise<void>;
}

/** A run compares that many variants at most in one batch of starts; each kind kept is a process that sleeps. */
const mostKinds = 4;

export function createSpares<Thing>(about: {
  readonly isGood: (thing: Thing) => boolean;
  readonly remove: (thing: Thing) => Promise<void>;
}): Spares<Thing> {
  const spares = new Map<string, Promise<Thing>>();
  const removals = new Set<Promise<void>>();
  let isClosed = false;

  function remove(spare: Promise<Thing>): void {
    const removal = spare.then(about.remove).catch(() => undefined);
    removals.add(removal);
    void removal.then(() => removals.delete(removal));
  }

  return {
    async take(kind, make) {
      const spare = spares.get(kind);
      spares.delete(kind);
      // What was in the way of the one made ahead may be gone.
      const made = await spare?.catch(() => undefined);
      if (made === undefined) return make();
      if (about.isGood(made)) return made;
      remove(Promise.resolve(made));
      return make();
    },
    prepare(kind, make) {
      if (isClosed || spares.has(kind)) return;
      for (const [oldest, spare] of spares) {
        if (spares.size < mostKinds) break;
        spares.delete(oldest);
        remove(spare);
      }
      const spare = make();
      spare.catch(() => undefined);
      spares.set(kind, spare);
    },
    async close() {
      isClosed = true;
      for (const spare of spares.values()) remove(spare);
      spares.clear();
      await Promise.all(removals);
    },
  };
}
