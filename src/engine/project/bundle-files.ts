import * as fs from 'node:fs';
import * as path from 'node:path';
import { BundleError, type BundleErrorPlace } from '../errors';
import type { TemplateSource } from '../jinja';

export type TemplateLoader = (name: string) => TemplateSource | undefined;

export interface BundleFile {
  /** On this machine; never shown. */
  readonly path: string;
  /** For messages: an input's parameter name, or the path relative to the bundle or the registry. */
  readonly label: string;
  /** Whether it was given for this run and is no part of the bundle. */
  readonly isInput: boolean;
}

export interface BundleFilesOptions {
  readonly directory: string;
  readonly packagesDirectory?: string | undefined;
  /** Paths by parameter name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * The files a bundle may read: those in its own folder, in the folder of packages, and the inputs it was given. Everything else,
 * by `..`, an absolute path or a symbolic link, is refused, so that a bundle from outside cannot read the machine.
 */
export class BundleFiles {
  readonly directory: string;
  readonly packagesDirectory: string | undefined;
  /** The inputs' absolute paths by the names of their parameters. */
  readonly inputPaths: ReadonlyMap<string, string>;
  private readonly inputs: ReadonlyMap<string, string>;
  private readonly loaders = new Map<string, TemplateLoader>();

  /** @throws BundleError if the bundle's folder cannot be read */
  constructor(options: BundleFilesOptions) {
    this.directory = realDirectory(options.directory, 'the bundle');
    this.packagesDirectory =
      options.packagesDirectory === undefined ? undefined : realDirectory(options.packagesDirectory, 'the folder of packages');
    this.inputPaths = new Map(Object.entries(options.inputs).map(([name, input]) => [name, path.resolve(input)]));
    this.inputs = new Map([...this.inputPaths].map(([name, input]) => [input, name]));
  }

  /**
   * The file that `name` means, seen from the folder `from`; undefined if there is none.
   *
   * @throws BundleError `file_unavailable` if it may not be read
   */
  find(name: string, from: string, place: BundleErrorPlace = {}): BundleFile | undefined {
    const absolute = path.resolve(from, name);
    const input = this.inputs.get(absolute);
    if (input !== undefined) {
      return isFile(absolute) ? { path: absolute, label: input, isInput: true } : undefined;
    }
    // Names outside are refused before they are looked up: whether such a file exists is nobody's business.
    if (name.includes('\0') || this.rootOf(absolute) === undefined) {
      throw this.refuse(name, place);
    }
    if (!isFile(absolute)) {
      return undefined;
    }
    const real = fs.realpathSync(absolute);
    const root = this.rootOf(real);
    if (root === undefined) {
      throw this.refuse(name, place);
    }
    return { path: real, label: path.relative(root, absolute), isInput: false };
  }

  /** The text of the file, without a byte order mark. @throws BundleError `file_unavailable` */
  read(name: string, from: string, place: BundleErrorPlace = {}): { text: string; file: BundleFile } {
    const file = this.find(name, from, place);
    if (file === undefined) {
      throw new BundleError('file_unavailable', `the file \`${this.label(name, from)}\` is not in the bundle`, place);
    }
    return { text: readText(file), file };
  }

  /**
   * Finds the templates that others include and import from a folder. A folder's loader is always the same one: then the project file
   * and all templates share what they import, compiled once.
   */
  templatesIn(directory: string): TemplateLoader {
    let load = this.loaders.get(directory);
    if (load === undefined) {
      load = (name) => this.readTemplate(name, directory);
      this.loaders.set(directory, load);
    }
    return load;
  }

  /** Undefined if there is none, for which Jinja also takes a path with `..`. */
  private readTemplate(name: string, from: string): TemplateSource | undefined {
    const leavesFolder = name.split('/').includes('..') || path.isAbsolute(name);
    if (leavesFolder || this.find(name, from) === undefined) {
      return undefined;
    }
    const { text, file } = this.read(name, from);
    return { source: text, file: file.label };
  }

  /** How a path is named in messages. */
  label(name: string, from: string): string {
    const absolute = path.resolve(from, name);
    const root = this.rootOf(absolute);
    return this.inputs.get(absolute) ?? (root === undefined ? path.basename(name) : path.relative(root, absolute));
  }

  private rootOf(absolute: string): string | undefined {
    // The bundle's own folder first: it may lie inside the folder of packages, and messages are about the bundle.
    return [this.directory, this.packagesDirectory].find((root) => root !== undefined && isInside(absolute, root));
  }

  private refuse(name: string, place: BundleErrorPlace): BundleError {
    return new BundleError('file_unavailable', `\`${path.basename(name)}\` lies outside the bundle and may not be read`, place);
  }
}

function readText(file: BundleFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file.path));
  } catch (error) {
    throw new BundleError('bundle_invalid', 'the file is not UTF-8', { file: file.label }, { cause: error });
  }
}

function realDirectory(directory: string, what: string): string {
  try {
    return fs.realpathSync(directory);
  } catch (error) {
    throw new BundleError('file_unavailable', `${what} cannot be opened`, {}, { cause: error });
  }
}

function isInside(absolute: string, root: string): boolean {
  return absolute === root || absolute.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

function isFile(absolute: string): boolean {
  return fs.statSync(absolute, { throwIfNoEntry: false })?.isFile() ?? false;
}
