import { checkFile, type FileFault } from '../check-file';
import { compareColumns, type ExpectedColumns } from '../preview/compare-columns';
import { previewFile, type FilePreview } from '../preview/preview-file';

/** A file that the user chose for one of the bundle's files. */
export interface FileChoice {
  readonly file: File;
  readonly fault: FileFault | null;
  /** null while it is read, and of a file that is not taken. */
  readonly preview: FilePreview | null;
}

/** What the form has to know of one of the bundle's files. */
export interface FileSlot {
  readonly envVar: string;
  readonly displayName: string;
  readonly required: boolean;
  /** Extensions without the dot, in lower case. */
  readonly fileTypes: readonly string[];
}

export const choose = (file: File, slot: FileSlot, maxBytes: number): FileChoice => {
  return { file, fault: checkFile(file, slot.fileTypes, maxBytes), preview: null };
};

export const previewChoice = async (choice: FileChoice): Promise<FileChoice> =>
  choice.fault ? choice : { ...choice, preview: await previewFile(choice.file) };

/** Whether something about the file makes it likely that the job fails. */
export function hasWarning({ fault, preview }: FileChoice, columns: ExpectedColumns | undefined): boolean {
  if (fault || !preview) return false;
  if (preview.kind === 'unreadable') return true;
  if (preview.kind !== 'table') return false;
  return (
    preview.rows.length === 0 ||
    preview.oddities.some((oddity) => oddity !== 'byte_order_mark') ||
    compareColumns(preview.rows, columns).missing.length > 0
  );
}

/** Extensions as people read them: `.csv, .txt`. */
export const typesText = (fileTypes: readonly string[]): string => fileTypes.map((type) => `.${type}`).join(', ');
