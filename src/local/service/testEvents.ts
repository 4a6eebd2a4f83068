/** A document of EventBridge Schemas: Lambda keeps a function's shared test events in one. */
export interface Schema {
  readonly type: string;
  /** The oldest first. */
  readonly versions: readonly { readonly content: string; readonly createdMs: number }[];
}
