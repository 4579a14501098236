import type { BundleAbout } from './bundle-about';

/** An input file that a bundle takes. */
export interface BundleFile {
  /** The name by which a job gives the file, and under which the bundle's YAML finds its path. */
  readonly envVar: string;
  readonly displayName: string;
  readonly required: boolean;
  /** File name extensions without the dot, in lower case. */
  readonly fileTypes: readonly string[];
}

/** A parameter that a bundle takes. */
export interface BundleParam {
  readonly envVar: string;
  readonly displayName: string;
  readonly required: boolean;
  /** Absent: any text. */
  readonly allowedValues?: readonly string[];
}

/** What a front needs to know of one version of a bundle: to show it, and to check a job's input against it. */
export interface Bundle {
  /** Its folder in the registry, e.g. `assessments/STAR`; names the bundle everywhere. */
  readonly path: string;
  readonly displayName: string;
  /** A git registry's commit, or `sha256-` and the hash of the bundle's own files and metadata. */
  readonly version: string;
  readonly files: readonly BundleFile[];
  readonly params: readonly BundleParam[];
  /** Its YAML uses `${STUDENT_ID_NAME}` and the registry does not list it, so a job may give it all the same. */
  readonly acceptsStudentIdName: boolean;
}

/** A bundle as the registry holds it: with the files that `version` names, packed as they were read. */
export interface LoadedBundle extends Bundle {
  /** The snapshot (`bundle-archive.ts`), which workers get through the object store. */
  readonly archive: Buffer;
  readonly about: BundleAbout;
}
