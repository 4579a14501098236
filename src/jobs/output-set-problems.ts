import { Problem } from '../platform/problem/problem';
import type { DownloadLinksResult } from './output-set.service';

export function downloadLinksProblem(result: Exclude<DownloadLinksResult, { kind: 'found' }>): Problem {
  switch (result.kind) {
    case 'output_set_not_found':
      return outputSetNotFound();
    case 'output_files_removed':
      return new Problem(result.kind, `The files were removed at ${result.removedAt.toISOString()}, as their time was over.`);
    default:
      return result satisfies never;
  }
}

/** One and the same for a set that does not exist, that is somebody else's, and for a uid that is none. */
export const outputSetNotFound = (): Problem =>
  new Problem('output_set_not_found', 'There is no such output set for this caller.');
