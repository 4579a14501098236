import type { Consumer } from './consumer';

export interface NodeProfile {
  /** `$transformations.students` */
  readonly node: string;
  /** That it handed on or wrote. */
  readonly rows: number;
  /** Of its own, without the nodes behind it. */
  readonly seconds: number;
}

/** Measures the nodes of a run. They work one within the other and never at once, so a stack knows whose time it is. */
export class Profiler {
  private readonly seconds = new Map<string, number>();
  private readonly stack: string[] = [];
  private since = performance.now();

  /** The consumer, with its time counted for the node. */
  watch(ref: string, consumer: Consumer): Consumer {
    return {
      open: (layout, owned) => this.measure(ref, () => consumer.open(layout, owned)),
      slots: () => consumer.slots?.(),
      push: (batch) => this.measure(ref, () => consumer.push(batch)),
      close: () => this.measure(ref, () => consumer.close()),
    };
  }

  async measure<T>(ref: string, work: () => Promise<T>): Promise<T> {
    this.settle();
    this.stack.push(ref);
    try {
      return await work();
    } finally {
      this.settle();
      this.stack.pop();
    }
  }

  report(nodes: readonly { readonly ref: string; readonly rows: number }[]): NodeProfile[] {
    return nodes.map(({ ref, rows }) => ({ node: ref, rows, seconds: this.seconds.get(ref) ?? 0 }));
  }

  /** Gives the time since the last change to who has worked. */
  private settle(): void {
    const now = performance.now();
    const current = this.stack.at(-1);
    if (current !== undefined) {
      this.seconds.set(current, (this.seconds.get(current) ?? 0) + (now - this.since) / 1000);
    }
    this.since = now;
  }
}
