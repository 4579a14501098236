import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { BundleError } from '../errors';
import type { PyFloat } from '../python/values';
import type { LineMap } from './line-map';
import { relaxQuotedTexts } from './yaml-quotes';
import { resolvePlainScalar } from './yaml-scalars';

export type YamlScalar = string | boolean | null | number | bigint | PyFloat;
export type YamlValue = YamlScalar | YamlValue[] | YamlMapping;

export interface YamlEntry {
  readonly value: YamlValue;
  /** Where the key is. */
  readonly line: number;
}

/** A mapping with its place. Keys that are not strings keep their type, as in Python. */
export class YamlMapping {
  readonly entries = new Map<YamlScalar, YamlEntry>();

  constructor(
    readonly file: string,
    readonly line: number,
  ) {}

  get(key: string): YamlValue | undefined {
    return this.entries.get(key)?.value;
  }

  lineOf(key: string): number {
    return this.entries.get(key)?.line ?? this.line;
  }
}

const maxDepth = 200;

/**
 * Reads a YAML text as PyYAML's safe loader does: YAML 1.1 types, merge keys, the last of two equal keys wins.
 *
 * @param file named in errors and in mappings
 * @param lineOf the line of `file` for a line of the text
 * @throws BundleError `bundle_invalid` with the line
 */
export function parseYaml(text: string, file: string, lineOf: LineMap = (line) => line): YamlValue {
  // The relaxed text first, if it differs: reading what large projects render to takes long, and strictly most would be read twice.
  const relaxed = relaxQuotedTexts(text);
  const first = parseLibrary(relaxed);
  const parsed = first.document.errors.length === 0 || relaxed === text ? first : parseLibrary(text);
  const error = parsed.document.errors[0];
  if (error !== undefined) {
    const line = lineOf(error.linePos?.[0].line ?? 1);
    throw new BundleError('bundle_invalid', `the YAML cannot be read: ${firstSentence(error.message)}`, { file, line });
  }
  return new Converter(parsed.document, parsed.lines, file, lineOf).convert(parsed.document.contents as Node | null, 0);
}

function parseLibrary(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  // Scalars stay text here: their types are PyYAML's, not the library's.
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    lineCounter: lines,
  });
  return { document, lines };
}

/** The library's messages go on with the position and a picture of the line. */
function firstSentence(message: string): string {
  return message.replace(/ at line \d+, column \d+:[\s\S]*$/, '');
}

class Converter {
  /** An anchored node is converted once and shared, so that aliases of aliases cost nothing. */
  private readonly converted = new Map<Node, YamlValue>();
  private readonly open = new Set<Node>();

  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    private readonly file: string,
    private readonly originalLine: LineMap,
  ) {}

  convert(node: Node | null, depth: number): YamlValue {
    if (node === null) {
      return null;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target === undefined) {
        throw this.error(node, `the alias \`*${node.source}\` has no anchor`);
      }
      return this.convert(target, depth + 1);
    }
    const known = this.converted.get(node);
    if (known !== undefined) {
      return known;
    }
    if (depth > maxDepth || this.open.has(node)) {
      throw this.error(node, 'the YAML is nested too deeply');
    }
    this.open.add(node);
    const value = this.convertFresh(node, depth);
    this.open.delete(node);
    this.converted.set(node, value);
    return value;
  }

  private convertFresh(node: Node, depth: number): YamlValue {
    if (isMap(node)) {
      return this.convertMapping(node, depth);
    }
    if (isSeq(node)) {
      return node.items.map((item) => this.convert(item as Node | null, depth + 1));
    }
    return this.convertScalar(node as Scalar);
  }

  private convertScalar(scalar: Scalar): YamlScalar {
    const text = String(scalar.value ?? '');
    const plain = scalar.type === undefined || scalar.type === 'PLAIN';
    return plain && scalar.tag === undefined ? resolvePlainScalar(text) : text;
  }

  private convertMapping(map: YAMLMap, depth: number): YamlMapping {
    const mapping = new YamlMapping(this.file, this.lineOf(map));
    // What is merged in gives way to the mapping's own keys, wherever the merge key stands.
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        this.merge(mapping, this.convert(pair.value as Node | null, depth + 1), pair.key as Node);
      }
    }
    for (const pair of map.items) {
      if (!isMergeKey(pair.key)) {
        const keyNode = pair.key as Node | null;
        const key = this.convert(keyNode, depth + 1);
        if (Array.isArray(key) || key instanceof YamlMapping) {
          throw this.error(keyNode ?? map, 'a key cannot be a list or a mapping');
        }
        mapping.entries.set(key, {
          value: this.convert(pair.value as Node | null, depth + 1),
          line: this.lineOf(keyNode ?? map),
        });
      }
    }
    return mapping;
  }

  private merge(mapping: YamlMapping, merged: YamlValue, at: Node): void {
    // Of several, the first wins.
    const sources = Array.isArray(merged) ? [...merged].reverse() : [merged];
    for (const source of sources) {
      if (!(source instanceof YamlMapping)) {
        throw this.error(at, '`<<` takes a mapping or a list of mappings');
      }
      for (const [key, entry] of source.entries) {
        mapping.entries.set(key, entry);
      }
    }
  }

  private lineOf(node: Node): number {
    return this.originalLine(this.lines.linePos(node.range?.[0] ?? 0).line);
  }

  private error(node: Node, detail: string): BundleError {
    return new BundleError('bundle_invalid', detail, { file: this.file, line: this.lineOf(node) });
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === undefined || key.type === 'PLAIN');
}

/** `over` merged into `base` as the reference composes packages: key by key where both are mappings, else replaced. */
export function mergeMappings(base: YamlMapping, over: YamlMapping): YamlMapping {
  const merged = new YamlMapping(over.file, over.line);
  for (const [key, entry] of base.entries) {
    merged.entries.set(key, entry);
  }
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    const value =
      below?.value instanceof YamlMapping && entry.value instanceof YamlMapping
        ? mergeMappings(below.value, entry.value)
        : entry.value;
    merged.entries.set(key, { value, line: entry.line });
  }
  return merged;
}
