/** An error whose message tells an operator what to do; where it came from does not matter to anybody. */
export class OperatorError extends Error {}
