import { Controller, Get, Query, Req, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../../platform/http/route-policy';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import type { WebUser } from '../../tenancy/user-access';
import { UserAccessService } from '../../tenancy/user-access.service';
import { CurrentUser } from './current.decorator';
import { ListTenantsDto, ReachableTenantDto, ReachableTenantListDto } from './dto/list-tenants.dto';
import { SessionDto } from './dto/session.dto';
import { UserRateLimitGuard } from './rate-limit/user-rate-limit.guard';
import { SessionView } from './session-view';
import { SignedIn } from './web-access.decorator';

@ApiTags('Session')
@Controller({ path: 'api', version: VERSION_NEUTRAL })
export class SessionController {
  constructor(
    private readonly view: SessionView,
    private readonly users: UserAccessService,
    private readonly cursors: Cursors,
  ) {}

  @Public()
  @ApiOperation({
    summary: 'Who is signed in',
    description: 'For everybody: what the page has to know before it shows anything.',
  })
  @ApiResponse({ status: 200, description: 'The session, whether somebody is signed in or not.', type: SessionDto })
  @ApiProblems('rate_limited', 'login_disabled', 'database_unavailable')
  @UseGuards(UserRateLimitGuard)
  @Get('session')
  getSession(@Req() request: Request): Promise<SessionDto> {
    return this.view.of(request.session.signIn ?? null);
  }

  @SignedIn()
  @ApiOperation({ summary: 'List the tenants that the user reaches', description: 'By the codes of partner and tenant.' })
  @ApiResponse({ status: 200, description: 'A page of tenants.', type: ReachableTenantListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get('tenants')
  async listTenants(@CurrentUser() user: WebUser, @Query() query: ListTenantsDto): Promise<ReachableTenantListDto> {
    const scope: CursorScope = { list: 'tenants', user: user.uid, search: query.search };
    const position = this.cursors.position(query.cursor, scope);
    const page = await this.users.listTenants(user.id, query.search ?? null, position, query.pageSize);
    const nextCursor = page.position === null ? null : this.cursors.encode(page.position, scope);
    return { items: page.items.map((item) => ReachableTenantDto.from(item)), nextCursor, hasMore: nextCursor !== null };
  }
}
