import { BundleError } from './errors';
import { ColumnCheck } from './execution/check-columns';
import { checkSyntax } from './project/check-syntax';
import { planNodes } from './project/plan';
import { heldMemoryOf, maxLineBytesOf, readProject, type BundleOptions } from './run';
import { Templates } from './templates';
import { Warnings, type BundleWarning } from './warnings';

export interface BundleCheck {
  /** By file and line. */
  readonly problems: BundleError[];
  readonly warnings: BundleWarning[];
}

/**
 * Looks for everything that is wrong with a bundle, without running it: its nodes' settings, the syntax of its templates and
 * queries, and, as far as the inputs are given, whether operations and templates fit the columns. A project file that cannot be
 * read is the only problem then.
 */
export async function checkBundle(options: BundleOptions): Promise<BundleCheck> {
  const problems = new Map<string, BundleError>();
  const warnings = new Warnings();
  const report = (problem: BundleError): void => {
    // A run would meet some of them twice: as the syntax of a template, and as what it cannot be bound to.
    problems.set(problem.message, problem);
  };
  try {
    const { files, project } = readProject(options);
    const templates = new Templates(files, project.macros);
    const memory = heldMemoryOf(options);
    const nodes = planNodes(project, { files, templates, memory, warn: warnings.add, onProblem: report });
    checkSyntax(project, files, templates, report);
    await new ColumnCheck(nodes, templates, maxLineBytesOf(options), report).check();
  } catch (error) {
    if (!(error instanceof BundleError)) {
      throw error;
    }
    report(error);
  }
  return { problems: [...problems.values()].sort(byPlace), warnings: warnings.list };
}

function byPlace(a: BundleError, b: BundleError): number {
  const [left, right] = [a.file ?? '', b.file ?? ''];
  return left === right ? (a.line ?? 0) - (b.line ?? 0) : left < right ? -1 : 1;
}
