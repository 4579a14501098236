import type { BundleErrorPlace } from './errors';

/** Something that a bundle's author should know and that does not stop the run. */
export interface BundleWarning extends BundleErrorPlace {
  readonly detail: string;
}

export type WarningSink = (detail: string, place: BundleErrorPlace) => void;

const maxWarnings = 100;

/** Collects warnings: each once, and not endlessly many. */
export class Warnings {
  readonly list: BundleWarning[] = [];
  private readonly seen = new Set<string>();

  readonly add: WarningSink = (detail, place) => {
    const key = JSON.stringify([detail, place]);
    if (!this.seen.has(key) && this.list.length < maxWarnings) {
      this.seen.add(key);
      this.list.push({ detail, ...place });
    }
  };
}
