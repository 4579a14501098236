import { BundleError, type BundleErrorPlace } from '../errors';
import type { LineStart } from '../jinja';
import { checkQuery } from '../query';
import { layoutOf } from '../table';
import { containsJinja, type Templates } from '../templates';
import type { BundleFiles } from './bundle-files';
import type { Project } from './load-project';
import { NodeConfig } from './node-config';
import { substituteParameters } from './parameters';
import { YamlMapping, type YamlValue } from './yaml';

const noColumns = layoutOf([]);

/**
 * Reads every template and query of a project, whatever its columns: those of nodes that cannot be planned too, and all of an
 * operation's, where a run would stop at the first.
 */
export function checkSyntax(
  project: Project,
  files: BundleFiles,
  templates: Templates,
  report: (problem: BundleError) => void,
): void {
  new SyntaxCheck(project, files, templates, report).check();
}

class SyntaxCheck {
  constructor(
    private readonly project: Project,
    private readonly files: BundleFiles,
    private readonly templates: Templates,
    private readonly report: (problem: BundleError) => void,
  ) {}

  check(): void {
    for (const section of ['sources', 'transformations', 'destinations']) {
      const nodes = this.project.root.get(section);
      for (const [name, { value }] of nodes instanceof YamlMapping ? nodes.entries : []) {
        if (value instanceof YamlMapping) {
          this.checkNode(value, `$${section}.${String(name)}`);
        }
      }
    }
  }

  private checkNode(mapping: YamlMapping, ref: string): void {
    const config = new NodeConfig(mapping, { node: ref });
    for (const expectation of asList(mapping.get('expect'))) {
      this.checkTemplate(typeof expectation === 'string' ? `{{${expectation}}}` : '', config.place('expect'));
    }
    if (ref.startsWith('$transformations.')) {
      asList(mapping.get('operations')).forEach((operation, index) => this.checkOperation(operation, index, ref));
    }
    if (ref.startsWith('$destinations.')) {
      this.checkDestination(config);
    }
  }

  private checkOperation(operation: YamlValue, index: number, ref: string): void {
    const name = operation instanceof YamlMapping ? operation.get('operation') : undefined;
    if (!(operation instanceof YamlMapping) || typeof name !== 'string') {
      return;
    }
    const config = new NodeConfig(operation, { node: ref, operation: `${name} (${index + 1})` });
    const columns = operation.get('columns');
    if ((name === 'add_columns' || name === 'modify_columns') && columns instanceof YamlMapping) {
      for (const [column, { value, line, textLines }] of columns.entries) {
        this.checkTemplate(value, { ...config.place('columns'), line, column: String(column) }, textLines);
      }
    }
    const query = operation.get('query');
    if (name === 'filter_rows' && typeof query === 'string') {
      this.attempt(() => checkQuery(query, config.place('query')));
    }
  }

  private checkDestination(config: NodeConfig): void {
    const { mapping } = config;
    for (const edge of ['header', 'footer']) {
      this.checkTemplate(mapping.get(edge) ?? null, config.place(edge), config.textLines(edge));
    }
    const template = mapping.get('template');
    if (typeof template === 'string' && template !== '') {
      this.attempt(() => {
        const directory = this.project.directories.get(mapping.file) ?? this.files.directory;
        const place = config.place('template');
        const { text, file } = this.files.read(template, this.files.directory, place);
        const source = substituteParameters(text.replace(/\r\n?/g, '\n'), this.project.parameters);
        this.templates.forRows(
          source,
          noColumns,
          { ...place, file: file.label, line: 1 },
          { rowData: 'plain', includeFrom: directory },
        );
      });
    }
  }

  private checkTemplate(source: YamlValue, place: BundleErrorPlace, lines?: readonly LineStart[]): void {
    if (typeof source === 'string' && containsJinja(source)) {
      this.attempt(() => {
        this.templates.forRows(source, noColumns, place, { rowData: 'plain', lines });
      });
    }
  }

  private attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof BundleError)) {
        throw error;
      }
      this.report(error);
    }
  }
}

function asList(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}
