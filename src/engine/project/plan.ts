import { BundleError, type BundleErrorPlace } from '../errors';
import { destinationSettings, planDestination, type PlannedDestination } from '../destinations/destination';
import type { HeldMemory } from '../held/held-memory';
import { operations } from '../operations';
import type { OperationContext, PlannedOperation } from '../operations/operation';
import { planSource, sourceSettings, type PlannedSource } from '../sources';
import type { Templates } from '../templates';
import type { WarningSink } from '../warnings';
import type { BundleFiles } from './bundle-files';
import type { Project } from './load-project';
import { NodeConfig } from './node-config';
import { YamlMapping, type YamlValue } from './yaml';

export interface Expectation {
  readonly condition: string;
  readonly place: BundleErrorPlace;
}

interface NodeBase {
  /** As the bundle refers to it. */
  readonly ref: string;
  readonly place: BundleErrorPlace;
  /** Jinja conditions that every row must meet. */
  readonly expectations: readonly Expectation[];
  readonly requireRows: number;
}

export interface SourceNode extends NodeBase {
  readonly kind: 'source';
  readonly source: PlannedSource;
}

export interface TransformationNode extends NodeBase {
  readonly kind: 'transformation';
  readonly input: string;
  readonly operations: readonly PlacedOperation[];
}

export interface PlacedOperation extends PlannedOperation {
  readonly place: BundleErrorPlace;
}

export interface DestinationNode extends NodeBase {
  readonly kind: 'destination';
  readonly input: string;
  readonly destination: PlannedDestination;
}

export type PlanNode = SourceNode | TransformationNode | DestinationNode;

export interface PlanContext {
  readonly files: BundleFiles;
  readonly templates: Templates;
  readonly warn: WarningSink;
  readonly memory: HeldMemory;
  /** Told of each problem; what has one is left out. Without it, the first problem is thrown. */
  readonly onProblem?: ((problem: BundleError) => void) | undefined;
}

/** What any node may have; the last four change nothing here. */
const commonSettings: readonly string[] = ['debug', 'expect', 'require_rows', 'show_progress', 'repartition', 'chunksize'];

/**
 * Checks all nodes of a project, also those that lead to no destination, as the reference does.
 *
 * @returns the nodes by their references
 * @throws BundleError
 */
export function planNodes(project: Project, context: PlanContext): Map<string, PlanNode> {
  return new Planner(project, context).planNodes();
}

class Planner {
  private readonly operationContext: OperationContext;

  constructor(
    private readonly project: Project,
    private readonly context: PlanContext,
  ) {
    this.operationContext = { ...context, tracksLabels: this.ranksRows() };
  }

  planNodes(): Map<string, PlanNode> {
    const nodes = new Map<string, PlanNode>();
    for (const node of [
      ...this.section('sources', true, (name, config) => this.planSource(name, config)),
      ...this.section('transformations', false, (name, config) => this.planTransformation(name, config)),
      ...this.section('destinations', true, (name, config) => this.planDestination(name, config)),
    ]) {
      nodes.set(node.ref, node);
    }
    for (const node of nodes.values()) {
      for (const ref of inputsOf(node)) {
        this.attempt(() => this.requireInput(ref, node));
      }
    }
    this.attempt(() => checkFileNames(nodes));
    return nodes;
  }

  private requireInput(ref: string, node: PlanNode): void {
    const [section, ...name] = ref.split('.');
    const mapping = this.project.root.get(section?.slice(1) ?? '');
    const isDeclared = mapping instanceof YamlMapping && [...mapping.entries.keys()].map(String).includes(name.join('.'));
    if ((section !== '$sources' && section !== '$transformations') || !isDeclared) {
      throw new BundleError(
        'bundle_invalid',
        `there is no node \`${ref}\`; write \`$sources.name\` or \`$transformations.name\``,
        node.place,
      );
    }
  }

  private section<T>(section: string, isRequired: boolean, plan: (name: string, config: NodeConfig) => T | undefined): T[] {
    const { root } = this.project;
    const value = root.get(section);
    if (!(value instanceof YamlMapping)) {
      if (isRequired || (value !== undefined && value !== null)) {
        this.attempt(() => {
          throw new BundleError('bundle_invalid', `\`${section}\` must be a mapping of nodes`, {
            file: root.file,
            line: root.lineOf(section),
          });
        });
      }
      return [];
    }
    return [...value.entries].flatMap(([key, entry]) => {
      const ref = `$${section}.${String(key)}`;
      const planned = this.attempt(() => {
        if (!(entry.value instanceof YamlMapping)) {
          throw new BundleError('bundle_invalid', 'a node must be a mapping', { file: value.file, line: entry.line, node: ref });
        }
        return plan(String(key), new NodeConfig(entry.value, { node: ref }));
      });
      return planned === undefined ? [] : [planned];
    });
  }

  /** Undefined where the problem has been told to who wants them all. */
  private attempt<T>(plan: () => T): T | undefined {
    try {
      return plan();
    } catch (error) {
      if (!(error instanceof BundleError) || this.context.onProblem === undefined) {
        throw error;
      }
      this.context.onProblem(error);
      return undefined;
    }
  }

  private planSource(name: string, config: NodeConfig): SourceNode {
    this.warnOfUnknown(config, sourceSettings);
    const source = planSource(config, { files: this.context.files, directory: this.directoryOf(config) });
    return { ...this.base(`$sources.${name}`, config), kind: 'source', source };
  }

  /** Undefined if one of its operations has a problem. */
  private planTransformation(name: string, config: NodeConfig): TransformationNode | undefined {
    this.warnOfUnknown(config, ['source', 'operations']);
    const ref = `$transformations.${name}`;
    const planned = config
      .list('operations')
      .map((operation, index) => this.attempt(() => this.planOperation(operation, index, ref, config)));
    const node = { ...this.base(ref, config), kind: 'transformation' as const, input: config.string('source') };
    return planned.includes(undefined) ? undefined : { ...node, operations: planned.flatMap((steps) => steps ?? []) };
  }

  private planOperation(value: YamlValue, index: number, ref: string, parent: NodeConfig): readonly PlacedOperation[] {
    const name = value instanceof YamlMapping ? value.get('operation') : undefined;
    if (!(value instanceof YamlMapping) || typeof name !== 'string') {
      throw parent.error(`operation ${index + 1} does not say which \`operation\` it is`, 'operations');
    }
    const config = new NodeConfig(value, { node: ref, operation: `${name} (${index + 1})` });
    const kind = operations.get(name);
    if (kind === undefined) {
      throw config.error(`there is no operation \`${name}\``, 'operation');
    }
    this.warnOfUnknown(config, ['operation', ...kind.settings]);
    const planned = kind.plan(config, this.operationContext);
    const place = config.place();
    return ('bind' in planned ? [planned] : planned).map((step) => ({ ...step, place }));
  }

  private planDestination(name: string, config: NodeConfig): DestinationNode {
    this.warnOfUnknown(config, destinationSettings);
    const { files, templates } = this.context;
    const destination = planDestination(name, config, {
      files,
      templates,
      parameters: this.project.parameters,
      directory: this.directoryOf(config),
    });
    return { ...this.base(`$destinations.${name}`, config), kind: 'destination', input: config.string('source'), destination };
  }

  private base(ref: string, config: NodeConfig): NodeBase {
    const requireRows = config.value('require_rows') ?? false;
    const count = typeof requireRows === 'boolean' ? Number(requireRows) : requireRows;
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
      throw config.error('`require_rows` must be true, false or a whole number', 'require_rows');
    }
    const expectations = (config.optionalList('expect') ?? []).map((condition) => {
      if (typeof condition !== 'string') {
        throw config.error('`expect` must list conditions', 'expect');
      }
      return { condition, place: config.place('expect') };
    });
    return { ref, place: config.place(), expectations, requireRows: count };
  }

  private warnOfUnknown(config: NodeConfig, known: readonly string[]): void {
    for (const key of config.mapping.entries.keys()) {
      if (typeof key !== 'string' || (!known.includes(key) && !commonSettings.includes(key))) {
        this.context.warn(`the setting \`${String(key)}\` is not known`, config.place(String(key)));
      }
    }
  }

  private directoryOf(config: NodeConfig): string {
    return this.project.directories.get(config.mapping.file) ?? this.context.files.directory;
  }

  private ranksRows(): boolean {
    const transformations = this.project.root.get('transformations');
    const nodes = transformations instanceof YamlMapping ? [...transformations.entries.values()] : [];
    return nodes.some(({ value }) => {
      const list = value instanceof YamlMapping ? value.get('operations') : undefined;
      return (
        Array.isArray(list) && list.some((item) => item instanceof YamlMapping && item.get('operation') === 'group_by_with_rank')
      );
    });
  }
}

/** The nodes that a node reads. */
export function inputsOf(node: PlanNode): string[] {
  switch (node.kind) {
    case 'source':
      return [];
    case 'transformation':
      return [node.input, ...node.operations.flatMap((operation) => operation.sides)];
    case 'destination':
      return [node.input];
  }
}

function checkFileNames(nodes: ReadonlyMap<string, PlanNode>): void {
  const owners = new Map<string, string>();
  for (const node of nodes.values()) {
    if (node.kind === 'destination') {
      const { fileName } = node.destination;
      const owner = owners.get(fileName);
      if (owner !== undefined) {
        throw new BundleError('bundle_invalid', `\`${owner}\` writes \`${fileName}\` too`, node.place);
      }
      owners.set(fileName, node.ref);
    }
  }
}
