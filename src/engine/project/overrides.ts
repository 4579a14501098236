import { parseFloatText, parseIntText } from '../python/numbers';
import { pyFloat } from '../python/values';
import { YamlMapping, type YamlScalar, type YamlValue } from './yaml';

/**
 * Changes settings of a project by their paths (`destinations.students.linearize`), as the reference's `--set`. Mappings on the way
 * that are not there are made.
 */
export function applyOverrides(root: YamlMapping, overrides: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(overrides)) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    let mapping = root;
    for (const key of keys) {
      const next = mapping.get(key);
      const below = next instanceof YamlMapping ? next : new YamlMapping(mapping.file, mapping.lineOf(key));
      setValue(mapping, key, below);
      mapping = below;
    }
    setValue(mapping, last, castOverride(text));
  }
}

function setValue(mapping: YamlMapping, key: string, value: YamlValue): void {
  const line = mapping.lineOf(key);
  mapping.entries.set(key, { value, line, textLines: [{ offset: 0, line }] });
}

/** The reference's own rules for the types of overrides (`autocast` in its yaml_parser.py), which are not YAML's. */
function castOverride(text: string): YamlScalar {
  const lower = text.toLowerCase();
  if (['true', 'yes', 'on', 't', 'y'].includes(lower)) {
    return true;
  }
  if (['false', 'no', 'off', 'f', 'n'].includes(lower)) {
    return false;
  }
  if (text.includes('.')) {
    const number = parseFloatText(text);
    return number === undefined ? text : (pyFloat(number) as YamlScalar);
  }
  return (parseIntText(text) as YamlScalar | undefined) ?? text;
}
