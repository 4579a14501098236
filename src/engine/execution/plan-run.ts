import type { OpenOutputs, OutputSink } from '../destinations/output-sink';
import { OutputBuffers, OutputWriter } from '../destinations/output-writer';
import { BundleError } from '../errors';
import type { HeldMemory } from '../held/held-memory';
import type { RowLoss } from '../operations/operation';
import type { PlanNode, SourceNode } from '../project/plan';
import { inputsOf } from '../project/plan';
import type { OpenTable } from '../sources';
import type { Templates } from '../templates';
import type { Consumer } from './consumer';
import { DestinationRun } from './destination-run';
import { HeldTable } from './held-table';
import { Outlet } from './outlet';
import { Profiler, type NodeProfile } from './profiler';
import type { SampleTable } from './sample-table';
import { sourceOrder } from './source-order';
import { TransformationRun } from './transformation';

/** The rows that were read of a file, by all sources that read it. */
export interface FileRows {
  /** An input's parameter name, or a path relative to the bundle. */
  readonly file: string;
  readonly rows: number;
}

/** Rows of an input that went no further than one operation. A row that goes several ways is counted on each. */
export interface SkippedRows {
  /** `$transformations.students` */
  readonly node: string;
  readonly reason: RowLoss['reason'];
  /** The bundle's condition, columns or keys, for people. */
  readonly detail: string | undefined;
  readonly rows: number;
}

export interface RunProgress {
  /** The source that is being read. */
  readonly node: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly bytesRead: number;
  /** The size of all files to read; one that two sources read counts twice, as it does in `bytesRead`. */
  readonly bytesTotal: number;
  readonly sources: readonly FileRows[];
  readonly outputs: readonly Pick<BundleOutput, 'name' | 'records'>[];
}

export interface PlanRunOptions {
  readonly openOutputs: OpenOutputs;
  readonly maxLineBytes: number;
  readonly memory: HeldMemory;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether to measure each node's time. */
  readonly profile?: boolean | undefined;
  /** Looks at a node's rows; the run ends when it has seen enough. */
  readonly tap?: SampleTable | undefined;
}

export interface BundleOutput {
  /** `studentAssessments.jsonl` */
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
}

export interface PlanRunResult {
  readonly outputs: BundleOutput[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly sources: FileRows[];
  /** By operation, without those that let all rows go on. */
  readonly skipped: SkippedRows[];
  /** Each node's rows and time, if they were asked for. */
  readonly profile: NodeProfile[];
}

const progressInterval = 250;

/** One run of a project's nodes: puts them behind each other and reads the sources through them. */
export class PlanRun {
  private readonly outlets = new Map<string, Outlet>();
  private readonly destinations: DestinationRun[] = [];
  private sinks: readonly OutputSink[] = [];
  /** The source that is being opened or read. */
  private source: SourceNode | undefined;
  private rowsRead = 0;
  private bytesRead = 0;
  private bytesTotal = 0;
  private readonly rowsByFile = new Map<string, number>();
  private readonly losses: { readonly node: string; readonly loss: RowLoss }[] = [];
  private lastProgress = 0;
  private readonly profiler: Profiler | undefined;

  /** @param nodes those to run, each after those it reads */
  constructor(
    private readonly nodes: ReadonlyMap<string, PlanNode>,
    private readonly templates: Templates,
    private readonly options: PlanRunOptions,
  ) {
    this.profiler = options.profile === true ? new Profiler() : undefined;
  }

  /** @throws BundleError */
  async execute(): Promise<PlanRunResult> {
    try {
      this.connect();
      const sources = sourceOrder(this.nodes);
      // Every header is read before the first row, so that a missing file or column is found before work is done.
      const tables = new Map<SourceNode, OpenTable>();
      for (const source of sources) {
        this.source = source;
        const table = await this.open(source);
        tables.set(source, table);
        this.bytesTotal += table.file?.bytes ?? 0;
      }
      await this.openOutputs();
      for (const source of sources) {
        this.source = source;
        await this.read(source, tables.get(source) as OpenTable);
        if (this.hasEnough) {
          break;
        }
      }
    } catch (error) {
      await Promise.allSettled(this.sinks.map((sink) => sink.abort()));
      this.reportProgress();
      throw error;
    }
    return {
      outputs: this.destinations.map(({ name, output, records }) => ({ name, bytes: output?.bytes ?? 0, records })),
      rowsRead: this.rowsRead,
      rowsWritten: this.rowsWritten,
      sources: this.sources,
      skipped: this.losses.filter(({ loss }) => loss.rows > 0).map(({ node, loss }) => ({ node, ...loss })),
      profile: this.profiler?.report([...this.nodes.keys()].map((ref) => ({ ref, rows: this.rowsOf(ref) }))) ?? [],
    };
  }

  private get hasEnough(): boolean {
    return this.options.tap?.isFull === true;
  }

  private rowsOf(ref: string): number {
    const destination = this.destinations.find(({ node }) => node.ref === ref);
    return destination?.records ?? this.outlets.get(ref)?.rows ?? 0;
  }

  private get sources(): FileRows[] {
    return [...this.rowsByFile].map(([file, rows]) => ({ file, rows }));
  }

  private get rowsWritten(): number {
    return this.destinations.reduce((sum, destination) => sum + destination.records, 0);
  }

  /** Makes the nodes and puts each behind those it reads. */
  private connect(): void {
    const held = new Map<string, HeldTable>();
    for (const node of this.nodes.values()) {
      for (const { sides, place } of node.kind === 'transformation' ? node.operations : []) {
        for (const ref of sides.filter((side) => !held.has(side))) {
          held.set(ref, new HeldTable(this.options.memory.account(place, `its table \`${ref}\``)));
        }
      }
    }
    for (const node of this.nodes.values()) {
      this.connectNode(node, held);
    }
  }

  private connectNode(node: PlanNode, held: ReadonlyMap<string, HeldTable>): void {
    if (node.kind === 'destination') {
      const destination = new DestinationRun(node);
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
    if (this.options.tap?.ref === node.ref) {
      outlet.connect(this.options.tap);
    }
    if (node.kind === 'transformation') {
      const onLoss = (loss: RowLoss): void => void this.losses.push({ node: node.ref, loss });
      this.connectTo(
        node,
        new TransformationRun(node, held, outlet, this.options.memory, onLoss, (work) => this.measured(node, work)),
      );
    }
  }

  private connectTo(node: PlanNode, consumer: Consumer): void {
    const [input] = inputsOf(node);
    this.outlets.get(input as string)?.connect(this.profiler?.watch(node.ref, consumer) ?? consumer);
  }

  private async openOutputs(): Promise<void> {
    const buffers = new OutputBuffers();
    this.sinks = await this.options.openOutputs(this.destinations.map(({ name }) => name));
    this.destinations.forEach((destination, index) => {
      destination.output = new OutputWriter(this.sinks[index] as OutputSink, buffers);
    });
  }

  private async open(node: SourceNode): Promise<OpenTable> {
    return atNode(node, () =>
      node.source.open({
        maxLineBytes: this.options.maxLineBytes,
        countBytes: (count) => {
          this.bytesRead += count;
        },
      }),
    );
  }

  private async read(node: SourceNode, table: OpenTable): Promise<void> {
    const outlet = this.outlets.get(node.ref) as Outlet;
    await outlet.open(table.layout, true);
    table.keepOnly?.(outlet.slots());
    const batches = table.batches[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.measured(node, () => atNode(node, () => batches.next()));
      if (next.done === true) {
        break;
      }
      this.checkCancelled(node);
      this.rowsRead += next.value.length;
      if (table.file !== undefined) {
        this.rowsByFile.set(table.file.label, (this.rowsByFile.get(table.file.label) ?? 0) + next.value.length);
      }
      await outlet.push(next.value);
      this.reportProgressInTime();
      if (this.hasEnough) {
        await batches.return?.(undefined);
        return;
      }
    }
    await outlet.close();
  }

  private measured<T>(node: PlanNode, work: () => Promise<T>): Promise<T> {
    return this.profiler?.measure(node.ref, work) ?? work();
  }

  private checkCancelled(node: SourceNode): void {
    if (this.options.signal?.aborted === true) {
      throw new BundleError('cancelled', 'the run was cancelled', { node: node.ref });
    }
  }

  private reportProgressInTime(): void {
    const now = Date.now();
    if (now - this.lastProgress >= progressInterval) {
      this.lastProgress = now;
      this.reportProgress();
    }
  }

  private reportProgress(): void {
    if (this.source !== undefined) {
      this.options.onProgress?.({
        node: this.source.ref,
        rowsRead: this.rowsRead,
        rowsWritten: this.rowsWritten,
        bytesRead: this.bytesRead,
        bytesTotal: this.bytesTotal,
        sources: this.sources,
        outputs: this.destinations.map(({ name, records }) => ({ name, records })),
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
