import { S3Error } from './errors';

/** One element to write; `undefined` elements are left out, so that optional ones can be given in place. */
export type XmlNode = readonly [name: string, content: XmlContent] | undefined;
export type XmlContent = string | number | boolean | readonly XmlNode[];

export interface XmlElement {
  name: string;
  /** The character data of an element without children; surrounding white space is data, as in an object key. */
  text: string;
  children: XmlElement[];
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole S3 answer: declaration and root element in S3's namespace. */
export function xmlDocument(name: string, content: readonly XmlNode[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${NAMESPACE}">${content.map(render).join('')}</${name}>`;
}

/** An error document; unlike the others it has no namespace. */
export function xmlError(content: readonly XmlNode[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content.map(render).join('')}</Error>`;
}

function render(node: XmlNode): string {
  if (node === undefined) return '';
  const [name, content] = node;
  const inner = typeof content === 'object' ? content.map(render).join('') : escape(String(content));
  return `<${name}>${inner}</${name}>`;
}

// Control characters (Cc) are legal in keys but not in XML 1.0; S3 writes them as character references all the same.
const NEEDS_ESCAPE = /[&<>"'\p{Cc}\ufffe\uffff]/gu;
const ENTITIES = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));
const ENTITY_OF: Record<string, string> = Object.fromEntries([...ENTITIES].map(([name, char]) => [char, `&${name};`]));

function escape(text: string): string {
  return text.replace(NEEDS_ESCAPE, (char) => ENTITY_OF[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

/**
 * Reads a request document of S3's: elements, character data and references. Attributes are skipped, and what such a document
 * never has (DOCTYPE, comments, CDATA) is refused.
 *
 * @throws S3Error MalformedXML
 */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', text: '', children: [] };
  const open = [root];
  for (const [token] of source.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '').matchAll(/<[^>]*>?|[^<]+/g)) {
    const current = open[open.length - 1];
    if (current === undefined) throw malformed();
    if (!token.startsWith('<')) {
      current.text += unescape(token);
      continue;
    }
    const tag = /^<(\/?)([A-Za-z_][\w.-]*)(?:\s[^<>]*?)?(\/?)>$/.exec(token);
    if (tag === null) throw malformed();
    const [, closes, name = '', empty] = tag;
    if (closes) {
      if (open.length === 1 || open.pop()?.name !== name) throw malformed();
      continue;
    }
    const element: XmlElement = { name, text: '', children: [] };
    current.children.push(element);
    if (!empty) open.push(element);
  }
  const [element, ...others] = root.children;
  if (element === undefined || others.length > 0 || open.length !== 1 || root.text.trim() !== '') throw malformed();
  return element;
}

/** The text of an element's first child of that name, or undefined. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

function unescape(text: string): string {
  const resolve = (reference: string, hex?: string, decimal?: string, name?: string): string => {
    if (!reference.endsWith(';')) throw malformed();
    const char = ENTITIES.get(name ?? '');
    if (char !== undefined) return char;
    const point = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (Number.isNaN(point) || point > 0x10ffff) throw malformed();
    return String.fromCodePoint(point);
  };
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+))?;?/g, resolve);
}

function malformed(): S3Error {
  return new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}
