import { en } from './en';

/** Every text of the page, in the reader's language. Another language is another catalogue of this type. */
export const texts: typeof en = en;
