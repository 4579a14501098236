import type { OpenOutputs } from './destinations/output-sink';
import { PlanRun, type PlanRunResult, type RunProgress } from './execution/plan-run';
import { SampleTable } from './execution/sample-table';
import { HeldMemory } from './held/held-memory';
import { BundleFiles } from './project/bundle-files';
import { loadProject, type Project } from './project/load-project';
import { applyOverrides } from './project/overrides';
import { planNodes, type PlanNode } from './project/plan';
import { selectNodes, type NodeSelection } from './project/select-nodes';
import { pyStr } from './python/print';
import { Templates } from './templates';
import { Warnings, type BundleWarning } from './warnings';

export interface RunLimits {
  /** Of a row of an input; default 16 MiB. */
  readonly maxLineBytes?: number;
  /**
   * What operations may hold in memory of the rows that they must see all of, by an estimate; see `holdableBytes`. Without it a run that
   * holds too much ends its process.
   */
  readonly maxHeldBytes?: number;
}

/** Which bundle, and with what. */
export interface BundleOptions {
  /** The bundle's folder, with its `earthmover.yaml`. */
  readonly directory: string;
  /** The bundle's parameters; it sees no others, and nothing of the environment. */
  readonly params: Readonly<Record<string, string>>;
  /** The input files' paths, by the name of the parameter that stands for them (`INPUT_FILE`). An optional one may be left out. */
  readonly inputs: Readonly<Record<string, string>>;
  /** A checkout of the registry, where packages from git are found. */
  readonly packagesDirectory?: string | undefined;
  /** Settings of the project by their paths, to be changed before it is checked. */
  readonly overrides?: Readonly<Record<string, string>> | undefined;
  readonly limits?: RunLimits | undefined;
  /** Ends the run with a `cancelled` error. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunBundleOptions extends BundleOptions {
  /** Where the outputs go; `outputFiles` gives files. */
  readonly openOutputs: OpenOutputs;
  /** Parts of nodes' names, separated by commas, with `*`: only destinations that such a node leads to are written. */
  readonly selector?: string | undefined;
  /** Whether to measure each node's time. */
  readonly profile?: boolean | undefined;
  /** Called after batches of rows, at most a few times a second, and once more before a run fails that has begun to read. */
  readonly onProgress?: ((progress: BundleProgress) => void) | undefined;
}

export interface BundleProgress extends RunProgress {
  /** Those so far. */
  readonly warnings: readonly BundleWarning[];
}

export interface BundleResult extends PlanRunResult {
  readonly warnings: BundleWarning[];
}

/** The first rows of a node, as templates print their values. */
export interface NodeSample {
  /** `$transformations.students` */
  readonly node: string;
  readonly columns: string[];
  readonly rows: string[][];
}

const defaultMaxLineBytes = 16 * 1024 * 1024;

/**
 * Runs a bundle: reads its sources once, row by row, and writes its destinations as the rows come.
 *
 * @throws BundleError for whatever is wrong with the bundle or its inputs; outputs written so far are then not to be used
 */
export async function runBundle(options: RunBundleOptions): Promise<BundleResult> {
  const { nodes, templates, memory, warnings } = prepare(options);
  const selected = selectNodes(nodes, { selector: options.selector });
  warnOfIdle(nodes, selected, options, warnings);
  const { onProgress } = options;
  const result = await new PlanRun(selected, templates, {
    ...options,
    memory,
    maxLineBytes: maxLineBytesOf(options),
    onProgress: onProgress && ((progress) => onProgress({ ...progress, warnings: warnings.list })),
  }).execute();
  return { ...result, warnings: warnings.list };
}

/**
 * The first rows of a node, also of one that leads to no destination. What it needs is read no further than that takes; nothing
 * is written.
 *
 * @param node a reference, or a name that only one node has
 * @throws BundleError
 */
export async function sampleNode(options: BundleOptions, node: string, count: number): Promise<NodeSample> {
  const { nodes, templates, memory } = prepare(options);
  const selected = selectNodes(nodes, { nodes: [node] });
  const last = [...selected.values()].at(-1) as PlanNode;
  // A destination has no rows but those it is given.
  const tap = new SampleTable(last.kind === 'destination' ? last.input : last.ref, count);
  selected.delete(last.kind === 'destination' ? last.ref : '');
  await new PlanRun(selected, templates, {
    openOutputs: () => Promise.resolve([]),
    memory,
    maxLineBytes: maxLineBytesOf(options),
    signal: options.signal,
    tap,
  }).execute();
  return { node: tap.ref, columns: tap.columns, rows: tap.rows.map((row) => row.map((value) => pyStr(value))) };
}

export function heldMemoryOf({ limits }: BundleOptions): HeldMemory {
  return new HeldMemory(limits?.maxHeldBytes ?? Infinity);
}

export function maxLineBytesOf({ limits }: BundleOptions): number {
  return limits?.maxLineBytes ?? defaultMaxLineBytes;
}

interface PreparedBundle {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly templates: Templates;
  readonly memory: HeldMemory;
  readonly warnings: Warnings;
}

function prepare(options: BundleOptions): PreparedBundle {
  const warnings = new Warnings();
  const { files, project } = readProject(options);
  const templates = new Templates(files, project.macros);
  const memory = heldMemoryOf(options);
  return { nodes: planNodes(project, { files, templates, memory, warn: warnings.add }), templates, memory, warnings };
}

/** @throws BundleError */
export function readProject(options: BundleOptions): { files: BundleFiles; project: Project } {
  const files = new BundleFiles(options);
  const project = loadProject(files, new Map([...Object.entries(options.params), ...files.inputPaths]));
  applyOverrides(project.root, options.overrides ?? {});
  return { files, project };
}

/** Nodes that lead nowhere, unless somebody has chosen which to run. */
function warnOfIdle(
  nodes: ReadonlyMap<string, PlanNode>,
  selected: ReadonlyMap<string, PlanNode>,
  selection: NodeSelection,
  warnings: Warnings,
): void {
  for (const node of selection.selector === undefined ? nodes.values() : []) {
    if (!selected.has(node.ref)) {
      warnings.add('the node is not run, since it leads to no destination', node.place);
    }
  }
}
