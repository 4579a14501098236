import { Controller, Get, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiClientsService } from '../../jobs/api-clients.service';
import { PageQueryDto } from '../../platform/http/dto/page-query.dto';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { PartnerAdmin } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import { ApiClientDto, ApiClientListDto } from './dto/api-client.dto';
import { ApiPartnerParam, PathCode } from './path-codes.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners/:partner/api-clients', version: VERSION_NEUTRAL })
export class ApiClientsController {
  constructor(
    private readonly clients: ApiClientsService,
    private readonly cursors: Cursors,
  ) {}

  @PartnerAdmin()
  @ApiOperation({
    summary: 'List the API clients seen',
    description: 'The programs that have made jobs of the partner through the External API, by client id.',
  })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'A page of clients.', type: ApiClientListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listApiClients(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @Query() query: PageQueryDto,
  ): Promise<ApiClientListDto> {
    const scope: CursorScope = { list: 'admin-api-clients', user: user.uid, partner };
    const page = await this.clients.list(partner, this.cursors.position(query.cursor, scope), query.pageSize);
    return answerPage(page, (client) => ApiClientDto.from(client), this.cursors, scope);
  }
}
