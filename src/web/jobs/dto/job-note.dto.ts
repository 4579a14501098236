import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import type { JobNoteView } from '../../../jobs/job-note.queries';

/** What a note says. */
export class NoteTextDto {
  /** Plain text, not only of spaces. */
  @ApiProperty({ minLength: 1, maxLength: 4000, example: 'The vendor sends a corrected file tomorrow.' })
  @IsString({ message: 'text must be a string' })
  @MaxLength(4000, { message: 'text must be at most 4000 characters' })
  @Matches(/\S/, { message: 'text must not be empty' })
  text: string;
}

export class NoteAuthorDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name: string;
}

/** What a person wrote about a job. */
export class JobNoteDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00' })
  uid: string;

  @ApiProperty({ example: 'The vendor sends a corrected file tomorrow.' })
  text: string;

  @ApiProperty({ type: NoteAuthorDto })
  author: NoteAuthorDto;

  /** Whether the user wrote it, and so may edit and delete it. */
  @ApiProperty({ example: true })
  mine: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:40:00.000Z' })
  createdAt: string;

  /** When it was last edited; null where it never was. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  editedAt: string | null;

  static from({ uid, text, author, createdAt, editedAt }: JobNoteView, mine: boolean): JobNoteDto {
    return {
      uid,
      text,
      author: { uid: author.uid, name: author.name },
      mine,
      createdAt: createdAt.toISOString(),
      editedAt: editedAt?.toISOString() ?? null,
    };
  }
}
