import type { BundleErrorPlace } from '../errors';
import type { LineStart } from '../jinja';
import type { BundleFiles } from '../project/bundle-files';
import type { NodeConfig } from '../project/node-config';
import { substituteParameters } from '../project/parameters';
import { pyStr } from '../python/print';
import { isFloat, isInt } from '../python/types';
import type { Value } from '../python/values';
import { isMissing, type Layout, type Row } from '../table';
import { containsJinja, type RowWriter, type Templates } from '../templates';

export const destinationSettings: readonly string[] = ['source', 'template', 'extension', 'linearize', 'header', 'footer'];

export interface DestinationContext {
  readonly files: BundleFiles;
  readonly templates: Templates;
  readonly parameters: ReadonlyMap<string, string>;
  /** The folder of the project file that declares the destination: its template's includes are there. */
  readonly directory: string;
}

/** A destination whose settings are known to be right. */
export interface PlannedDestination {
  /** The output's file name. */
  readonly fileName: string;
  /** Meets the columns. @throws BundleError */
  bind(layout: Layout): DestinationWriter;
}

/** Turns rows into the text of an output. */
export interface DestinationWriter {
  /** The slots that it looks at. */
  readonly slots: ReadonlySet<number>;
  /** What comes before the rows, given the first one (undefined if there is none). */
  header(first: Row | undefined): string;
  /** Writes a row, without the newline after it. */
  row: RowWriter['write'];
  footer(first: Row | undefined): string;
}

/** Without a template a row is an object of its columns, in order. */
const wholeRow =
  "{ {% for name, value in __row_data__.items() if name != '__row_data__' %}" +
  '"{{ name }}": {{ value | tojson }}{{ ", " if not loop.last }}{% endfor %} }';

/** Reads a destination's settings. @throws BundleError */
export function planDestination(name: string, config: NodeConfig, context: DestinationContext): PlannedDestination {
  const extension = config.optionalString('extension') ?? '';
  const fileName = extension === '' ? name : `${name}.${extension}`;
  if (/[/\\\0]/.test(fileName) || fileName === '.' || fileName === '..') {
    throw config.error(`\`${fileName}\` is no name of a file`);
  }
  const template = config.optionalString('template') ?? '';
  const linearize = config.optionalBoolean('linearize') ?? true;
  const header = edgeText('header', config);
  const footer = edgeText('footer', config);
  return {
    fileName,
    bind: (layout) => {
      const { source, place } = readTemplate(template, config, context);
      const row = context.templates.forOutput(source, layout, place, {
        rowData: 'recursive',
        linearize,
        includeFrom: context.directory,
        cast: castForOutput,
      });
      const edges = {
        header: edge(header, layout, context.templates),
        footer: edge(footer, layout, context.templates),
      };
      return {
        slots: new Set([...row.slots, ...edges.header.slots, ...edges.footer.slots]),
        header: edges.header.render,
        row: row.write,
        footer: edges.footer.render,
      };
    },
  };
}

function readTemplate(
  template: string,
  config: NodeConfig,
  context: DestinationContext,
): { source: string; place: BundleErrorPlace } {
  const place = config.place('template');
  if (template === '') {
    return { source: wholeRow, place };
  }
  const { text, file } = context.files.read(template, context.files.directory, place);
  const source = substituteParameters(text.replace(/\r\n?/g, '\n'), context.parameters);
  return { source, place: { ...place, file: file.label, line: 1 } };
}

/** A header or footer: as it is, or a template of the first row (of empty texts if there is none). */
interface Edge {
  readonly slots: readonly number[];
  render(first: Row | undefined): string;
}

interface EdgeText {
  readonly text: string;
  readonly place: BundleErrorPlace;
  readonly lines: readonly LineStart[] | undefined;
}

function edgeText(setting: 'header' | 'footer', config: NodeConfig): EdgeText {
  return { text: config.optionalString(setting) ?? '', place: config.place(setting), lines: config.textLines(setting) };
}

function edge({ text, place, lines }: EdgeText, layout: Layout, templates: Templates): Edge {
  if (text === '' || !containsJinja(text)) {
    return { slots: [], render: () => text };
  }
  const { slots, render } = templates.forRows(text, layout, place, { rowData: 'recursive', lines, cast: castForOutput });
  return { slots, render: (first) => `${render(first ?? new Array<Value>(layout.width).fill(''), 1)}\n` };
}

/** In outputs a missing value is the empty text, and booleans and numbers are the texts that Python prints. */
function castForOutput(value: Value): Value {
  return typeof value === 'string' ? value : castOther(value);
}

function castOther(value: Value): Value {
  if (isMissing(value)) {
    return '';
  }
  return typeof value === 'boolean' || isInt(value) || isFloat(value) ? pyStr(value) : value;
}
