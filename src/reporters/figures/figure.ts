import { element, escaped } from './svgElements.ts';

/** A finished figure, without its `svg` element. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** What a screen reader is told instead of the picture. */
export interface FigureText {
  readonly title: string;
  readonly description: string;
}

/** A drawing as an `svg` element. `id` must be unique in its document. */
export function svgElement(
  drawing: Drawing,
  text: FigureText,
  id: string,
  attributes: Readonly<Record<string, string>> = {},
  style = '',
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${drawing.width} ${Math.ceil(drawing.height)}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      ...attributes,
    },
    element('title', { id: `${id}-title` }, escaped(text.title)),
    element('desc', { id: `${id}-desc` }, escaped(text.description)),
    style === '' ? '' : `<style>${style}</style>`,
    drawing.content,
  );
}
