import type { DestinationWriter } from '../destinations/destination';
import { OutputFile } from '../destinations/output-file';
import type { DestinationNode } from '../project/plan';
import type { Layout, Row } from '../table';
import type { Consumer } from './consumer';
import { requireRows } from './require-rows';

const newline = Uint8Array.of(10);

/** Writes a destination's file as its rows come. */
export class DestinationRun implements Consumer {
  records = 0;
  bytes = 0;
  private writer: DestinationWriter | undefined;
  private file: OutputFile | undefined;
  private first: Row | undefined;

  constructor(
    readonly node: DestinationNode,
    readonly path: string,
  ) {}

  async open(layout: Layout): Promise<void> {
    this.writer = this.node.destination.bind(layout);
    this.file = await OutputFile.create(this.path);
  }

  slots(): ReadonlySet<number> {
    return this.opened().writer.slots;
  }

  async push(batch: Row[]): Promise<void> {
    const { writer, file } = this.opened();
    if (this.first === undefined) {
      // Kept for the footer; the row itself may be changed by others.
      this.first = batch[0]?.slice();
      file.current.text(writer.header(this.first));
    }
    for (const row of batch) {
      writer.row(row, ++this.records, file.current);
      file.current.constant(newline);
      if (file.isFull) {
        await file.flush();
      }
    }
  }

  async close(): Promise<void> {
    const { writer, file } = this.opened();
    if (this.first === undefined) {
      file.current.text(writer.header(undefined));
    }
    file.current.text(writer.footer(this.first));
    await file.finish();
    this.file = undefined;
    this.bytes = file.bytes;
    requireRows(this.node, this.records);
  }

  async abandon(): Promise<void> {
    await this.file?.abandon();
  }

  private opened(): { writer: DestinationWriter; file: OutputFile } {
    if (this.writer === undefined || this.file === undefined) {
      throw new Error('a destination was given rows before its columns');
    }
    return { writer: this.writer, file: this.file };
  }
}
