import type { DestinationWriter } from '../destinations/destination';
import type { OutputWriter } from '../destinations/output-writer';
import type { DestinationNode } from '../project/plan';
import type { Layout, Row } from '../table';
import type { Consumer } from './consumer';
import { requireRows } from './require-rows';

const newline = Uint8Array.of(10);

/** Writes a destination's output as its rows come. */
export class DestinationRun implements Consumer {
  records = 0;
  /** Set before the first row. */
  output: OutputWriter | undefined;
  private writer: DestinationWriter | undefined;
  private first: Row | undefined;

  constructor(readonly node: DestinationNode) {}

  get name(): string {
    return this.node.destination.fileName;
  }

  async open(layout: Layout): Promise<void> {
    this.writer = this.node.destination.bind(layout);
  }

  slots(): ReadonlySet<number> {
    return this.opened().writer.slots;
  }

  async push(batch: Row[]): Promise<void> {
    const { writer, output } = this.opened();
    if (this.first === undefined) {
      // Kept for the footer; the row itself may be changed by others.
      this.first = batch[0]?.slice();
      output.current.text(writer.header(this.first));
    }
    for (const row of batch) {
      writer.row(row, ++this.records, output.current);
      output.current.constant(newline);
      if (output.isFull) {
        await output.flush();
      }
    }
  }

  async close(): Promise<void> {
    const { writer, output } = this.opened();
    if (this.first === undefined) {
      output.current.text(writer.header(undefined));
    }
    output.current.text(writer.footer(this.first));
    await output.finish();
    requireRows(this.node, this.records);
  }

  private opened(): { writer: DestinationWriter; output: OutputWriter } {
    if (this.writer === undefined || this.output === undefined) {
      throw new Error('a destination was given rows before its columns or its output');
    }
    return { writer: this.writer, output: this.output };
  }
}
