import { escapeHtml } from '../python/html';
import { head } from '../python/text';
import { PyError } from '../python/values';

export interface UrlizeOptions {
  /** Longer addresses are cut where they are shown. */
  readonly limit: number | undefined;
  readonly nofollow: boolean;
  readonly target: string | undefined;
  readonly rel: string;
  /** More beginnings of addresses, such as `ftp:`. */
  readonly schemes: readonly string[];
}

const web =
  /^(?:(?:https?:\/\/|www\.)(?:(?:[\p{L}\p{N}_%-]+\.)+)?(?:[a-z]{2,63}|xn--[\p{L}\p{N}_%]{2,59})|(?:[\p{L}\p{N}_%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\]))(?::\d{1,5})?(?:[/?#]\S*)?$/iu;
const mail = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const scheme = /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u;
const leading = /^(?:[(<]|&lt;)+/;
const trailing = /(?:[)>.,\n]|&gt;)+$/;
const brackets = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

/** Text as HTML in which web and mail addresses are links, as Jinja's filter finds them. @throws PyError */
export function urlize(text: string, options: UrlizeOptions): string {
  const invalid = options.schemes.find((candidate) => !scheme.test(candidate));
  if (invalid !== undefined) {
    throw new PyError('FilterArgumentError', `'${invalid}' is not a valid URI scheme prefix.`);
  }
  const rels = new Set(`${options.rel} noopener ${options.nofollow ? 'nofollow' : ''}`.split(/\s+/).filter(Boolean));
  const attributes =
    ` rel="${escapeHtml([...rels].sort().join(' '))}"` +
    (options.target === undefined ? '' : ` target="${escapeHtml(options.target)}"`);
  return escapeHtml(text)
    .split(/(\s+)/u)
    .map((word) => {
      const [before, middle, after] = withoutPunctuation(word);
      return before + link(middle, attributes, options) + after;
    })
    .join('');
}

/** The word without brackets and marks around it; a bracket that the word itself opened stays with it. */
function withoutPunctuation(word: string): [before: string, middle: string, after: string] {
  const before = leading.exec(word)?.[0] ?? '';
  let middle = word.slice(before.length);
  let after = trailing.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - after.length);
  for (const [open, close] of brackets) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) {
      continue;
    }
    for (let i = Math.min(opened, count(after, close)); i > 0; i--) {
      const end = after.indexOf(close) + close.length;
      middle += after.slice(0, end);
      after = after.slice(end);
    }
  }
  return [before, middle, after];
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function link(address: string, attributes: string, { limit, schemes }: UrlizeOptions): string {
  const shown = limit !== undefined && address.length > limit ? `${head(address, limit)}...` : address;
  if (web.test(address)) {
    const target = /^https?:\/\//.test(address) ? address : `https://${address}`;
    return `<a href="${target}"${attributes}>${shown}</a>`;
  }
  if (address.startsWith('mailto:') && mail.test(address.slice(7))) {
    return `<a href="${address}">${address.slice(7)}</a>`;
  }
  if (address.includes('@') && !address.startsWith('www.') && !address.includes(':') && mail.test(address)) {
    return `<a href="mailto:${address}">${address}</a>`;
  }
  const known = schemes.find((candidate) => address !== candidate && address.startsWith(candidate));
  return known === undefined ? address : `<a href="${address}"${attributes}>${address}</a>`;
}
