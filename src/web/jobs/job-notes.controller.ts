import { Body, Controller, Delete, HttpCode, Patch, Post, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { JobNotesService } from '../../jobs/job-notes.service';
import { jobNoteProblem, jobNotFound, noteNotFound } from '../../jobs/job-problems';
import { ApiUid, JobUid, ResourceUid } from '../../platform/http/uid.decorator';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentTenant, CurrentUser, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiBodyProblems } from '../empty-body.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { JobNoteDto, NoteTextDto } from './dto/job-note.dto';
import { jobAccess } from './job-access';

@ApiTags('Notes')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs`, version: VERSION_NEUTRAL })
export class JobNotesController {
  constructor(private readonly notes: JobNotesService) {}

  @TenantAccess()
  @ApiOperation({ summary: 'Add a note to a job', description: 'A job may have 200.' })
  @ApiUid('The job.')
  @ApiResponse({ status: 201, description: 'The note.', type: JobNoteDto })
  @ApiBodyProblems()
  @ApiProblems('job_not_found', 'too_many_notes')
  @Post(':uid/notes')
  async addJobNote(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() { text }: NoteTextDto,
  ): Promise<JobNoteDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.notes.add(uid, jobAccess(tenant), { authorId: user.id, text });
    if (result.kind !== 'added') throw jobNoteProblem(result);
    return JobNoteDto.from(result.note, true);
  }

  @TenantAccess()
  @ApiOperation({ summary: "Edit one's own note", description: 'With whole new text.' })
  @ApiUid('The job.')
  @ApiUid('The note.', 'noteUid')
  @ApiResponse({ status: 200, description: 'The note as it is now.', type: JobNoteDto })
  @ApiBodyProblems()
  @ApiProblems('job_not_found', 'note_not_found', 'not_your_note')
  @Patch(':uid/notes/:noteUid')
  async editJobNote(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @ResourceUid('noteUid') noteUid: string | null,
    @Body() { text }: NoteTextDto,
  ): Promise<JobNoteDto> {
    if (uid === null) throw jobNotFound();
    if (noteUid === null) throw noteNotFound();
    const result = await this.notes.edit(uid, jobAccess(tenant), noteUid, { authorId: user.id, text });
    if (result.kind !== 'edited') throw jobNoteProblem(result);
    return JobNoteDto.from(result.note, true);
  }

  @TenantAccess()
  @ApiOperation({ summary: "Delete one's own note", description: 'For good.' })
  @ApiUid('The job.')
  @ApiUid('The note.', 'noteUid')
  @ApiResponse({ status: 204, description: 'The note is gone.' })
  @ApiProblems('job_not_found', 'note_not_found', 'not_your_note')
  @Delete(':uid/notes/:noteUid')
  @HttpCode(204)
  async deleteJobNote(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @ResourceUid('noteUid') noteUid: string | null,
  ): Promise<void> {
    if (uid === null) throw jobNotFound();
    if (noteUid === null) throw noteNotFound();
    const result = await this.notes.delete(uid, jobAccess(tenant), noteUid, user.id);
    if (result.kind !== 'deleted') throw jobNoteProblem(result);
  }
}
