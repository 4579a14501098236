import { Controller, Get, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { AuditService } from '../../tenancy/audit.service';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { Operator } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import { AuditListDto, AuditRecordDto, ListAuditDto } from './dto/audit.dto';

@ApiTags('Administration')
@Controller({ path: 'api/admin/audit', version: VERSION_NEUTRAL })
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly cursors: Cursors,
  ) {}

  @Operator()
  @ApiOperation({ summary: 'List what administrators changed', description: 'Newest first, without secrets.' })
  @ApiResponse({ status: 200, description: 'A page of records.', type: AuditListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listAuditRecords(@CurrentUser() user: WebUser, @Query() query: ListAuditDto): Promise<AuditListDto> {
    const filter = query.toFilter();
    const scope: CursorScope = { list: 'admin-audit', caller: user.uid, ...filter };
    const page = await this.audit.list(filter, this.cursors.position(query.cursor, scope), query.pageSize);
    return answerPage(page, (record) => AuditRecordDto.from(record), this.cursors, scope);
  }
}
