/**
 * Takes the bytes of one output as they are made. The sinks of a run are never given anything more, any of them, before what was
 * given last is taken; so a slow one slows the run down.
 */
export interface OutputSink {
  /** `write` brings whole multiples of this. */
  readonly chunkBytes: number;
  /** Takes the next bytes, which must not be looked at any more once it has resolved. */
  write(bytes: Uint8Array): Promise<void>;
  /** Takes the last bytes, fewer than `chunkBytes`: the output is whole. */
  end(bytes: Uint8Array): Promise<void>;
  /** The run has failed: there will be no more, and what came before is not to be used, also of an output that is whole. */
  abort(): Promise<void>;
}

/**
 * Opens the outputs: called once in a run, after every header has been read and before the first row.
 *
 * @param names their file names, all different
 * @returns a sink for each name, in their order
 */
export type OpenOutputs = (names: readonly string[]) => Promise<readonly OutputSink[]>;
