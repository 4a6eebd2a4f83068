/** What a variant is looked at for, beside its architecture. */
export interface VariantAsked {
  /** The runtime that the function has today. */
  readonly from: string | undefined;
  /** `Handler` of the function. Absent of a layer. */
  readonly handler?: string | undefined;
}

/**
 * The handler's file without its ending, and the name in it, as the runtime for Node.js reads `src/index.handler`. Undefined
 * for what lies in a layer or is no such text.
 */
export function handlerPlaceOf(
  handler: string | undefined,
): { readonly module: string; readonly name: string } | undefined {
  const [, folder = '', file, name] =
    /^((?:[^/]+\/)*)([^/.]+)\.([^/]+)$/.exec((handler ?? '').replace(/^\.\//, '')) ?? [];
  return file === undefined || name === undefined ? undefined : { module: `${folder}${file}`, name };
}
