/** Roughly what a text takes, in pixels. System fonts differ, so it is on the wide side; a browser test measures what is drawn. */
export function textWidthOf(text: string, fontPx: number): number {
  let ems = 0;
  for (const letter of text) ems += /[mwMW@%—…]/.test(letter) ? 0.95 : /[ilj.,:;'|!()·]/.test(letter) ? 0.36 : 0.62;
  return ems * fontPx;
}
