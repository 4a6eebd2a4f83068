/** Queries of logs that were asked here, with what came of them. */
export interface QueryRecord {
  readonly queryId: string;
  readonly queryString: string;
  /** The first of those that were searched. */
  readonly logGroupName: string;
  readonly createTimeMs: number;
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
  readonly logGroupsScanned: number;
}

export interface QueryStore {
  add(query: QueryRecord): void;
  find(queryId: string): QueryRecord | undefined;
  /** Oldest first. */
  list(): readonly QueryRecord[];
}

const maxQueries = 100;

export function createQueryStore(): QueryStore {
  const queries: QueryRecord[] = [];
  return {
    add(query) {
      queries.push(query);
      if (queries.length > maxQueries) queries.shift();
    },
    find: (queryId) => queries.find((query) => query.queryId === queryId),
    list: () => queries,
  };
}
