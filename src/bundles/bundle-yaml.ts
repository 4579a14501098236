import { load } from 'js-yaml';

/** What is read of a bundle's YAML without running anything of it: no template is rendered, no parameter put in. */
export interface BundleYaml {
  readonly sources: Readonly<Record<string, YamlSettings>>;
  readonly transformations: Readonly<Record<string, YamlSettings>>;
  readonly defaults: Readonly<Record<string, string>>;
}

export type YamlSettings = Readonly<Record<string, unknown>>;

const NOTHING: BundleYaml = { sources: {}, transformations: {}, defaults: {} };

/** A YAML that is a template itself, or that only the engine can read, is one of which nothing is known. */
export function readBundleYaml(text: string | null): BundleYaml {
  if (text === null) return NOTHING;
  let document: unknown;
  try {
    document = load(text, { json: true });
  } catch {
    return NOTHING;
  }
  const { sources, transformations, config } = settingsOf(document);
  const defaults = Object.entries(settingsOf(settingsOf(config).parameter_defaults)).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)] as const] : [],
  );
  return { sources: nodesOf(sources), transformations: nodesOf(transformations), defaults: Object.fromEntries(defaults) };
}

function nodesOf(value: unknown): Record<string, YamlSettings> {
  return Object.fromEntries(Object.entries(settingsOf(value)).map(([name, settings]) => [name, settingsOf(settings)]));
}

export const settingsOf = (value: unknown): YamlSettings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as YamlSettings) : {};

/** The texts of a list, or of one text. */
export const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string');
