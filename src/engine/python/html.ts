import { pyStr } from './print';
import { Markup, type Value } from './values';

const special = /[&<>'"]/g;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };

/** Text with the five characters that HTML gives a meaning written as entities, as markupsafe does. */
export function escapeHtml(text: string): string {
  return text.replace(special, (character) => entities[character] ?? character);
}

/** `escape(value)`: a Markup stays what it is. */
export function escapeValue(value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(pyStr(value)));
}
