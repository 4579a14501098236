import { BundleError } from '../errors';
import { parseYaml, YamlMapping } from './yaml';

/**
 * The `config` mapping of a project file, read from the text before Jinja has rendered it. The reference gives up at the first thing
 * it cannot read and takes only the file's first mapping, so a `config` after another mapping or after Jinja is not found; bundles
 * rely on neither, but a project that is not read the same way would lose its defaults without a word.
 */
export function readConfigBlock(text: string, file: string): YamlMapping | undefined {
  for (const entry of topLevelEntries(text)) {
    const value = tryParse(entry.text, file, entry.line);
    const mapping = value instanceof YamlMapping ? [...value.entries][0] : undefined;
    if (mapping === undefined) {
      return undefined;
    }
    if (mapping[1].value instanceof YamlMapping) {
      return mapping[0] === 'config' ? mapping[1].value : undefined;
    }
  }
  return undefined;
}

function tryParse(text: string, file: string, line: number): unknown {
  try {
    return parseYaml(text, file, (lineOfEntry) => lineOfEntry + line - 1);
  } catch (error) {
    if (error instanceof BundleError) {
      return undefined;
    }
    throw error;
  }
}

/** The text of each key at the margin with what is indented below it, up to the first line that is no YAML key (such as Jinja). */
function* topLevelEntries(text: string): Generator<{ text: string; line: number }> {
  const lines = text.split('\n');
  let start: number | undefined;
  for (let i = 0; i <= lines.length; i++) {
    const line = lines[i];
    if (line !== undefined && (/^\s/.test(line) || line === '' || line.startsWith('#') || line.startsWith('---'))) {
      continue;
    }
    if (start !== undefined) {
      yield { text: lines.slice(start, i).join('\n'), line: start + 1 };
    }
    if (line === undefined || !/^[^{}[\]%]+:(\s|$)/.test(line)) {
      return;
    }
    start = i;
  }
}
