import * as path from 'node:path';
import { BundleError } from '../errors';
import { compileTemplate, TemplateError, type TemplateSource } from '../jinja';
import { pyStr } from '../python/print';
import { strip } from '../python/text';
import type { BundleFiles, TemplateLoader } from './bundle-files';
import { readConfigBlock } from './config-block';
import { markLines, readMarks } from './line-map';
import { findPackage, resolvePackagePaths } from './packages';
import { substituteParameters } from './parameters';
import { templateGlobals } from './template-globals';
import { mergeMappings, parseYaml, YamlMapping } from './yaml';

export interface Project {
  /** The project file with its packages merged into it. */
  readonly root: YamlMapping;
  /** What was given, and the defaults of the project and its packages for what was not. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Jinja that stands before every template. */
  readonly macros: readonly TemplateSource[];
  /** The folder of each project file, by the file's label. */
  readonly directories: ReadonlyMap<string, string>;
}

interface PackageNode {
  readonly directory: string;
  readonly packages: PackageNode[];
}

interface RenderedProject {
  readonly text: string;
  readonly macros: readonly TemplateSource[];
  readonly root: YamlMapping;
}

const maxPackages = 50;

/**
 * Reads a bundle's project file: parameters are put into its text, Jinja renders it with the macros before it, and what comes out is
 * YAML; packages are read the same way and merged (the importing project wins, then the packages in the order listed).
 *
 * @param given parameters by name, inputs' paths among them
 * @throws BundleError
 */
export function loadProject(files: BundleFiles, given: ReadonlyMap<string, string>): Project {
  const loader = new ProjectLoader(files, given);
  const tree = loader.discover(files.directory);
  return { root: loader.compose(tree), parameters: loader.parameters, macros: loader.macros, directories: loader.directories };
}

class ProjectLoader {
  readonly parameters: Map<string, string>;
  readonly directories = new Map<string, string>();
  macros: readonly TemplateSource[] = [];
  private readonly visiting: string[] = [];
  private readonly rendered = new Map<string, RenderedProject>();
  private packageCount = 0;

  constructor(
    private readonly files: BundleFiles,
    given: ReadonlyMap<string, string>,
  ) {
    this.parameters = new Map(given);
  }

  /** Collects defaults and macros of the project and then of its packages, depth first: who comes first wins. */
  discover(directory: string): PackageNode {
    if (this.visiting.includes(directory) || ++this.packageCount > maxPackages) {
      throw new BundleError('bundle_invalid', 'the packages import each other in a circle, or there are too many', {
        file: this.labelOf(this.projectFile(directory)),
      });
    }
    this.visiting.push(directory);
    this.takeConfig(directory);
    const declared = this.render(directory).get('packages');
    const packages: PackageNode[] = [];
    if (declared instanceof YamlMapping) {
      for (const [name, entry] of declared.entries) {
        packages.push(
          this.discover(findPackage(this.files, String(name), entry.value, directory, { file: declared.file, line: entry.line })),
        );
      }
    }
    this.visiting.pop();
    return { directory, packages };
  }

  /** The rendered project with its packages, now that all defaults and macros are known. */
  compose(node: PackageNode): YamlMapping {
    const own = resolvePackagePaths(this.render(node.directory), node.directory);
    return node.packages.reduce((merged, child) => mergeMappings(this.compose(child), merged), own);
  }

  private takeConfig(directory: string): void {
    const { text, label } = this.readSubstituted(directory);
    const config = readConfigBlock(text, label);
    const defaults = config?.get('parameter_defaults');
    if (defaults instanceof YamlMapping) {
      for (const [name, entry] of defaults.entries) {
        if (
          typeof name === 'string' &&
          !this.parameters.has(name) &&
          !(entry.value instanceof YamlMapping) &&
          !Array.isArray(entry.value)
        ) {
          this.parameters.set(name, pyStr(entry.value));
        }
      }
    }
    const macros = config?.get('macros');
    if (config !== undefined && typeof macros === 'string') {
      const text = substituteParameters(macros, this.parameters);
      const source = strip(text);
      const blanks = text.indexOf(source);
      const lines = config.entries.get('macros')?.textLines.map(({ offset, line }) => ({ offset: offset - blanks, line }));
      this.macros = [{ source, file: label, lines }, ...this.macros];
    }
  }

  /** A project is read before its packages are known, and again with their defaults and macros, if there are any. */
  private render(directory: string): YamlMapping {
    const { text, label } = this.readSubstituted(directory);
    const known = this.rendered.get(directory);
    if (known !== undefined && known.text === text && known.macros === this.macros) {
      return known.root;
    }
    const root = this.renderText(text, label, directory);
    this.rendered.set(directory, { text, macros: this.macros, root });
    return root;
  }

  private renderText(text: string, label: string, directory: string): YamlMapping {
    const marked = renderYaml(markLines(text), label, this.macros, this.files.templatesIn(directory));
    const { rendered, lineOf } = readMarks(marked);
    const root = parseYaml(rendered, label, lineOf);
    if (!(root instanceof YamlMapping)) {
      throw new BundleError('bundle_invalid', 'the project file must be a mapping with `version`, `sources` and `destinations`', {
        file: label,
      });
    }
    if (root.get('version') !== 2) {
      throw new BundleError('bundle_invalid', '`version: 2` is missing', { file: label, line: root.lineOf('version') });
    }
    return root;
  }

  private readSubstituted(directory: string): { text: string; label: string } {
    const { text, file } = this.files.read(this.projectFile(directory), directory);
    this.directories.set(file.label, directory);
    return { text: substituteParameters(text.replace(/\r\n?/g, '\n'), this.parameters), label: file.label };
  }

  private projectFile(directory: string): string {
    const yml = path.join(directory, 'earthmover.yml');
    const yaml = path.join(directory, 'earthmover.yaml');
    return this.files.find(yaml, directory) === undefined && this.files.find(yml, directory) !== undefined ? yml : yaml;
  }

  private labelOf(file: string): string {
    return this.files.label(file, this.files.directory);
  }
}

function renderYaml(text: string, file: string, prelude: readonly TemplateSource[], load: TemplateLoader): string {
  try {
    return compileTemplate(text, { file, prelude, load, globals: templateGlobals }).render({});
  } catch (error) {
    if (error instanceof TemplateError) {
      throw new BundleError('template_failed', error.detail, { file: error.file, line: error.line }, { cause: error });
    }
    throw error;
  }
}
