import {
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type AliasEvent,
  type DocumentEvent,
  type Event,
  type PopEvent,
  type ScalarEvent,
} from 'js-yaml';
import { BundleError } from '../errors';
import type { LineStart } from '../jinja';
import type { PyFloat } from '../python/values';
import type { LineMap } from './line-map';
import { Lines } from './yaml-lines';
import { relaxScalars } from './yaml-relaxed';
import { resolvePlainScalar } from './yaml-scalars';

type NodeEvent = Exclude<Event, DocumentEvent | PopEvent>;

export type YamlScalar = string | boolean | null | number | bigint | PyFloat;
export type YamlValue = YamlScalar | YamlValue[] | YamlMapping;

export interface YamlEntry {
  readonly value: YamlValue;
  /** Where the key is. */
  readonly line: number;
  /** Where the lines of the value are, if it is a text: below its key, perhaps, and folded. */
  readonly textLines: readonly LineStart[];
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
  try {
    const { source, events } = readEvents(text);
    return new Constructor(source, events, file, lineOf).construct();
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      throw error;
    }
    const line = lineOf((error.mark?.line ?? 0) + 1);
    throw new BundleError('bundle_invalid', `the YAML cannot be read: ${error.reason}`, { file, line }, { cause: error });
  }
}

/** The relaxed text first, if it differs: reading what large projects render to takes long, and strictly most would be read twice. */
function readEvents(text: string): { source: string; events: Event[] } {
  const relaxed = relaxScalars(text);
  try {
    return { source: relaxed, events: parseEvents(relaxed, { maxDepth }) };
  } catch (error) {
    if (relaxed === text) {
      throw error;
    }
    return { source: text, events: parseEvents(text, { maxDepth }) };
  }
}

interface YamlNode {
  readonly value: YamlValue;
  readonly line: number;
  readonly textLines?: readonly LineStart[] | undefined;
}

/** Makes values of the parser's events, which come as a tree is walked: a node, what is in it, and that it ends. */
class Constructor {
  /** By anchor; undefined while it is being made. Nodes are shared, so that aliases of aliases cost nothing. */
  private readonly anchors = new Map<string, YamlNode | undefined>();
  private readonly lines: Lines;
  private next = 0;
  private line = 1;

  constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
    private readonly file: string,
    private readonly originalLine: LineMap,
  ) {
    this.lines = new Lines(source);
  }

  construct(): YamlValue {
    if (this.events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length > 1) {
      throw this.error('the YAML has several documents');
    }
    this.next++;
    return this.hasMore() ? this.node().value : null;
  }

  /** Whether there is another node in what is being made; if not, goes past its end. */
  private hasMore(): boolean {
    const event = this.events[this.next];
    if (event !== undefined && event.type !== EVENT_ID.POP) {
      return true;
    }
    this.next++;
    return false;
  }

  private node(): YamlNode {
    const event = this.events[this.next++] as NodeEvent;
    const position = positionOf(event);
    // What is left out has no place of its own.
    const line = position === -1 ? this.line : this.originalLine(this.lines.at(position));
    this.line = line;
    const anchor = event.anchorStart === -1 ? undefined : this.source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      return this.resolve(anchor ?? '');
    }
    if (anchor === undefined) {
      return this.made(event, line);
    }
    this.anchors.set(anchor, undefined);
    const node = this.made(event, line);
    this.anchors.set(anchor, node);
    return node;
  }

  private resolve(anchor: string): YamlNode {
    const node = this.anchors.get(anchor);
    if (node === undefined) {
      const isOpen = this.anchors.has(anchor);
      throw this.error(isOpen ? `\`*${anchor}\` stands inside its own value` : `the alias \`*${anchor}\` has no anchor`);
    }
    return node;
  }

  private made(event: Exclude<NodeEvent, AliasEvent>, line: number): YamlNode {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.scalar(event, line);
      case EVENT_ID.SEQUENCE: {
        const value: YamlValue[] = [];
        while (this.hasMore()) {
          value.push(this.node().value);
        }
        return { value, line };
      }
      case EVENT_ID.MAPPING:
        return { value: this.mapping(line), line };
    }
  }

  private scalar(event: ScalarEvent, line: number): YamlNode {
    const text = getScalarValue(this.source, event);
    const value = event.style === SCALAR_STYLE.PLAIN && event.tagStart === -1 ? resolvePlainScalar(text) : text;
    // One that the parser calls fast stands in the source as it is, on one line.
    if (event.fast || event.valueStart === -1) {
      return { value, line };
    }
    const lines = this.lines.within(text, event.valueStart, event.valueEnd);
    return { value, line, textLines: lines.map((start) => ({ ...start, line: this.originalLine(start.line) })) };
  }

  private mapping(line: number): YamlMapping {
    const mapping = new YamlMapping(this.file, line);
    const merged: YamlMapping[] = [];
    while (this.hasMore()) {
      const isMerge = this.isMergeKey();
      const key = this.node();
      if (Array.isArray(key.value) || key.value instanceof YamlMapping) {
        throw this.error('a key cannot be a list or a mapping');
      }
      const { value, line: valueLine, textLines = [{ offset: 0, line: valueLine }] } = this.node();
      if (isMerge) {
        merged.push(...this.mappingsToMerge(value, key.line));
      } else {
        mapping.entries.set(key.value, { value, line: key.line, textLines });
      }
    }
    return merged.length === 0 ? mapping : mergeUnder(mapping, merged);
  }

  private isMergeKey(): boolean {
    const event = this.events[this.next] as Event;
    return (
      event.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      this.source.slice(event.valueStart, event.valueEnd) === '<<'
    );
  }

  private mappingsToMerge(value: YamlValue, line: number): YamlMapping[] {
    return (Array.isArray(value) ? value : [value]).map((item) => {
      if (item instanceof YamlMapping) {
        return item;
      }
      this.line = line;
      throw this.error('`<<` takes a mapping or a list of mappings');
    });
  }

  private error(detail: string): BundleError {
    return new BundleError('bundle_invalid', detail, { file: this.file, line: this.line });
  }
}

function positionOf(event: NodeEvent): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return event.start;
  }
}

/** What is merged in gives way to the mapping's own keys, wherever the merge key stands; of several, the first wins. */
function mergeUnder(own: YamlMapping, merged: readonly YamlMapping[]): YamlMapping {
  const mapping = new YamlMapping(own.file, own.line);
  for (const source of [...[...merged].reverse(), own]) {
    for (const [key, entry] of source.entries) {
      mapping.entries.set(key, entry);
    }
  }
  return mapping;
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
    merged.entries.set(key, { ...entry, value });
  }
  return merged;
}
