/** What a schema yields, for everybody who only reads it: nothing behind it changes either. */
export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
