export { checkQuery, compileQuery } from './compile';
