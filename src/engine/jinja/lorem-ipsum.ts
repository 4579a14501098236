import { Markup, PyError, type Value } from '../python/values';

const words = (
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad ' +
  'minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit ' +
  'voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt ' +
  'mollit anim id est laborum'
).split(' ');

/** A page of it is enough for anybody; the limit keeps a template from filling memory. */
const maxWords = 100_000;

/** Filler text of `count` paragraphs of `min` up to `max` words. Random, as Jinja's `lipsum` is. */
export function loremIpsum(count: number, html: boolean, min: number, max: number): Value {
  if (min < 0 || max <= min) {
    throw new PyError('ValueError', `empty range for lipsum (${min}, ${max})`);
  }
  if (count * max > maxWords) {
    throw new PyError('LimitError', `a lorem ipsum of more than ${maxWords} words`);
  }
  const paragraphs = Array.from({ length: Math.max(0, count) }, () => paragraph(randomBetween(min, max)));
  return html ? new Markup(paragraphs.map((text) => `<p>${text}</p>`).join('\n')) : paragraphs.join('\n\n');
}

/** At least `min`, below `max`. */
function randomBetween(min: number, max: number): number {
  return min + Math.floor(Math.random() * (max - min));
}

function paragraph(size: number): string {
  const sentences: string[] = [];
  for (let left = size; left > 0;) {
    const take = Math.min(left, randomBetween(5, 20));
    const sentence = Array.from({ length: take }, () => words[randomBetween(0, words.length)] ?? '').join(' ');
    sentences.push(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
    left -= take;
  }
  return sentences.join(' ');
}
