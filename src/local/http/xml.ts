import type { WireAnswer } from './wire.ts';

/** An element whose text is escaped; children are other elements. */
export interface XmlElement {
  readonly xml: string;
}

/** @param tag name, with attributes if any */
export function element(tag: string, ...content: readonly (string | XmlElement)[]): XmlElement {
  const inner = content.map((part) => (typeof part === 'string' ? escapeXml(part) : part.xml)).join('');
  return { xml: `<${tag}>${inner}</${tag.split(' ')[0]}>` };
}

export function xmlAnswer(status: number, root: XmlElement, contentType = 'application/xml'): WireAnswer {
  return {
    status,
    headers: { 'content-type': contentType },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}`,
  };
}

/** Control characters other than tab and line ends do not exist in XML 1.0: they become U+FFFD. */
function escapeXml(text: string): string {
  return text.replace(
    /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[&<>"']/gu,
    (character) => xmlEntities[character] ?? '\uFFFD',
  );
}

const xmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
