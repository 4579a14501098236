import { resolve } from 'node:path';

/** Where the registry comes from, as `BUNDLE_REGISTRY` says. */
export type RegistrySource =
  | { readonly kind: 'directory'; readonly directory: string; readonly display: string }
  | {
      readonly kind: 'git';
      readonly url: string;
      /** A branch or tag; null: the repository's default branch. */
      readonly ref: string | null;
      /** `url#ref` for people, without credentials. */
      readonly display: string;
    }
  | { readonly kind: 'invalid'; readonly problem: string; readonly display: string };

const URL_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const GIT_SCHEMES: readonly string[] = ['https:', 'ssh:', 'file:'];
/** `user@host:path`. It starts with a letter or digit, so that neither git nor ssh can take it for an option. */
const SCP_LIKE = /^[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^:\s-]\S*$/;

/**
 * Reads `BUNDLE_REGISTRY`: a git URL (`https`, `ssh`, `file`, `user@host:path`, or the path of a repository that ends in
 * `.git`) with an optional `#branch-or-tag`, or the path of a directory. A path with a `#` is a repository too.
 */
export function parseRegistrySource(text: string): RegistrySource {
  const value = text.trim();
  const display = redactCredentials(value);
  const invalid = (problem: string): RegistrySource => ({ kind: 'invalid', problem, display });
  if (value === '') return invalid('BUNDLE_REGISTRY is not set');
  if (value.startsWith('-')) return invalid('BUNDLE_REGISTRY must not start with a hyphen');

  const hash = value.indexOf('#');
  const repository = hash < 0 ? value : value.slice(0, hash);
  const ref = hash < 0 ? null : value.slice(hash + 1);
  const isUrl = URL_SCHEME.test(repository);
  const isGit = isUrl || SCP_LIKE.test(repository) || hash >= 0 || /\.git\/?$/.test(repository);
  if (!isGit) return { kind: 'directory', directory: resolve(value), display };

  if (repository === '') return invalid('BUNDLE_REGISTRY names no repository before the #');
  if (isUrl && !isAllowedUrl(repository)) return invalid('BUNDLE_REGISTRY must be a git URL of https, ssh or file');
  if (ref !== null && !isRefName(ref)) return invalid('BUNDLE_REGISTRY names no valid branch or tag after the #');
  return { kind: 'git', url: isUrl || SCP_LIKE.test(repository) ? repository : resolve(repository), ref, display };
}

function isAllowedUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  // ssh would read a host that starts with a hyphen as an option.
  return url !== null && GIT_SCHEMES.includes(url.protocol) && !url.hostname.startsWith('-');
}

/** The rules of git-check-ref-format that matter here: one name, no pattern, no revision syntax, no option. */
function isRefName(ref: string): boolean {
  return ref !== '' && ref.length <= 255 && !/^[-/.]|\.\.|@\{|\/\/|[\s\p{Cc}~^:?*[\\]|[/.]$/u.test(ref);
}

/** Removes user names, passwords and queries from every URL in a text, such as a message of git. */
export function redactCredentials(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1***@')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#'"]*)\?[^\s#'"]*/gi, '$1?***');
}
