import { BundleError } from './errors';
import type { Consumer } from './execution/consumer';
import { DestinationRun } from './execution/destination-run';
import { HeldTable } from './execution/held-table';
import { Outlet } from './execution/outlet';
import { sourceOrder } from './execution/source-order';
import { TransformationRun } from './execution/transformation';
import { BundleFiles } from './project/bundle-files';
import { loadProject } from './project/load-project';
import { inputsOf, planProject, type Plan, type PlanNode, type SourceNode } from './project/plan';
import type { OpenTable } from './sources';
import { Templates } from './templates';
import { Warnings, type BundleWarning } from './warnings';

export interface RunProgress {
  /** The source that is being read. */
  readonly node: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly bytesRead: number;
}

export interface RunBundleOptions {
  /** The bundle's folder, with its `earthmover.yaml`. */
  readonly directory: string;
  /** The bundle's parameters; it sees no others, and nothing of the environment. */
  readonly params: Readonly<Record<string, string>>;
  /** The input files' paths, by the name of the parameter that stands for them (`INPUT_FILE`). An optional one may be left out. */
  readonly inputs: Readonly<Record<string, string>>;
  /** An existing folder for the outputs. */
  readonly outputDirectory: string;
  /** A checkout of the registry, where packages from git are found. */
  readonly packagesDirectory?: string | undefined;
  readonly limits?: { readonly maxLineBytes?: number } | undefined;
  /** Called after batches of rows, at most a few times a second. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /** Ends the run with a `cancelled` error. */
  readonly signal?: AbortSignal | undefined;
}

export interface BundleOutput {
  /** `studentAssessments.jsonl` */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly records: number;
}

export interface BundleResult {
  readonly outputs: BundleOutput[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly warnings: BundleWarning[];
}

const defaultMaxLineBytes = 16 * 1024 * 1024;
const progressInterval = 250;

/**
 * Runs a bundle: reads its sources once, row by row, and writes its destinations as the rows come.
 *
 * @throws BundleError for whatever is wrong with the bundle or its inputs; outputs written so far are then not to be used
 */
export async function runBundle(options: RunBundleOptions): Promise<BundleResult> {
  const { plan, templates, warnings } = prepare(options);
  return new Run(plan, templates, warnings, options).execute();
}

/** Reads and checks a bundle without running it. @throws BundleError for the first thing that is wrong */
export function checkBundle(options: RunBundleOptions): BundleWarning[] {
  return prepare(options).warnings.list;
}

function prepare(options: RunBundleOptions): { plan: Plan; templates: Templates; warnings: Warnings } {
  const warnings = new Warnings();
  const files = new BundleFiles(options);
  const project = loadProject(files, new Map([...Object.entries(options.params), ...files.inputPaths]));
  const templates = new Templates(files, project.macros);
  return { plan: planProject(project, { files, templates, warn: warnings.add }), templates, warnings };
}

class Run {
  private readonly outlets = new Map<string, Outlet>();
  private readonly destinations: DestinationRun[] = [];
  private rowsRead = 0;
  private bytesRead = 0;
  private lastProgress = 0;

  constructor(
    private readonly plan: Plan,
    private readonly templates: Templates,
    private readonly warnings: Warnings,
    private readonly options: RunBundleOptions,
  ) {}

  async execute(): Promise<BundleResult> {
    try {
      this.connect();
      const sources = sourceOrder(this.plan.nodes);
      // Every header is read before the first row, so that a missing file or column is found before work is done.
      const tables = new Map<SourceNode, OpenTable>();
      for (const source of sources) {
        tables.set(source, await this.open(source));
      }
      for (const source of sources) {
        await this.read(source, tables.get(source) as OpenTable);
      }
    } catch (error) {
      await Promise.all(this.destinations.map((destination) => destination.abandon()));
      throw error;
    }
    return {
      outputs: this.destinations.map(({ node, path: file, bytes, records }) => ({
        name: node.destination.fileName,
        path: file,
        bytes,
        records,
      })),
      rowsRead: this.rowsRead,
      rowsWritten: this.rowsWritten,
      warnings: this.warnings.list,
    };
  }

  private get rowsWritten(): number {
    return this.destinations.reduce((sum, destination) => sum + destination.records, 0);
  }

  /** Makes the nodes and puts each behind those it reads. */
  private connect(): void {
    const held = new Map<string, HeldTable>();
    for (const node of this.plan.nodes.values()) {
      for (const ref of node.kind === 'transformation' ? new Set(node.operations.flatMap((operation) => operation.sides)) : []) {
        if (!held.has(ref)) {
          held.set(ref, new HeldTable());
        }
      }
    }
    for (const node of this.plan.nodes.values()) {
      this.connectNode(node, held);
    }
  }

  private connectNode(node: PlanNode, held: ReadonlyMap<string, HeldTable>): void {
    if (node.kind === 'destination') {
      const destination = new DestinationRun(node, `${this.options.outputDirectory}/${node.destination.fileName}`);
      this.destinations.push(destination);
      this.connectTo(node, destination);
      return;
    }
    const outlet = new Outlet(node, this.templates);
    this.outlets.set(node.ref, outlet);
    const table = held.get(node.ref);
    if (table !== undefined) {
      outlet.connect(table);
    }
    if (node.kind === 'transformation') {
      this.connectTo(node, new TransformationRun(node, held, outlet));
    }
  }

  private connectTo(node: PlanNode, consumer: Consumer): void {
    const [input] = inputsOf(node);
    this.outlets.get(input as string)?.connect(consumer);
  }

  private async open(node: SourceNode): Promise<OpenTable> {
    return atNode(node, () =>
      node.source.open({
        maxLineBytes: this.options.limits?.maxLineBytes ?? defaultMaxLineBytes,
        countBytes: (count) => {
          this.bytesRead += count;
        },
      }),
    );
  }

  private async read(node: SourceNode, table: OpenTable): Promise<void> {
    const outlet = this.outlets.get(node.ref) as Outlet;
    await outlet.open(table.layout, true);
    const batches = table.batches[Symbol.asyncIterator]();
    for (;;) {
      const next = await atNode(node, () => batches.next());
      if (next.done === true) {
        break;
      }
      this.checkCancelled(node);
      this.rowsRead += next.value.length;
      await outlet.push(next.value);
      this.reportProgress(node);
    }
    await outlet.close();
  }

  private checkCancelled(node: SourceNode): void {
    if (this.options.signal?.aborted === true) {
      throw new BundleError('cancelled', 'the run was cancelled', { node: node.ref });
    }
  }

  private reportProgress(node: SourceNode): void {
    const now = Date.now();
    if (this.options.onProgress !== undefined && now - this.lastProgress >= progressInterval) {
      this.lastProgress = now;
      this.options.onProgress({
        node: node.ref,
        rowsRead: this.rowsRead,
        rowsWritten: this.rowsWritten,
        bytesRead: this.bytesRead,
      });
    }
  }
}

/** Errors of a file's content name the source too. */
async function atNode<T>(node: SourceNode, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof BundleError ? error.at({ node: node.ref }) : error;
  }
}
