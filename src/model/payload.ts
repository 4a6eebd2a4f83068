/** One weighted payload. Weights are relative, greater than 0. */
export interface Payload {
  readonly name: string;
  /** The JSON text as it is sent (before `{{uuid}}`/`{{n}}` are replaced when templates are on). */
  readonly body: string;
  readonly weight: number;
  /** Of a file of JSON Lines: all of them, sent in turn; `body` is the first. */
  readonly lines?: readonly string[] | undefined;
  /** Of tune's own making: nobody's data is in it. */
  readonly isSample?: true | undefined;
}
