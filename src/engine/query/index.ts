export { compileQuery } from './compile';
