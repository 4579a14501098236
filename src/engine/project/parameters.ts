const placeholder = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})/gi;

/**
 * Puts parameters into a text as Python's `string.Template.safe_substitute` does: `$NAME` and `${NAME}` are replaced where the
 * name is known and stay as written where it is not, `$$` is `$`. A replacement is not looked at again.
 */
export function substituteParameters(text: string, parameters: ReadonlyMap<string, string>): string {
  return text.replace(placeholder, (whole: string, escaped?: string, named?: string, braced?: string) =>
    escaped === undefined ? (parameters.get((named ?? braced) as string) ?? whole) : '$',
  );
}

/** Whether a setting is nothing but a parameter that nobody gave and that has no default. */
export function isPlaceholder(text: string): boolean {
  return /^\$(?:[_a-z][_a-z0-9]*|\{[_a-z][_a-z0-9]*\})$/i.test(text);
}
