import { createHash } from 'node:crypto';
import { escaped } from '../figures/svgElements.ts';
import { assets } from './assets.ts';

/** One self-contained page: what may run and style it is named by hash, and nothing may be asked for from anywhere. */
export function pageHtml(page: { readonly title: string; readonly body: string; readonly model: unknown }): string {
  const style = `${assets.figureCss}${assets.pageCss}`;
  const script = assets.pageJs;
  const policy = [
    "default-src 'none'",
    // Copying a figure as PNG draws it from a data URL.
    'img-src data:',
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="lambda-tune">
<title>${escaped(page.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${page.body}
</main>
<script type="application/json" id="model">${inertJson(page.model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Nothing in it can end the element it stands in. */
function inertJson(model: unknown): string {
  return JSON.stringify(model).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
