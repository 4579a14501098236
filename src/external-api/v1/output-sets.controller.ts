import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { downloadLinksProblem, outputSetNotFound } from '../../jobs/output-set-problems';
import { OutputSetService } from '../../jobs/output-set.service';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, ResourceUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { requirePartner } from '../auth/partner-access';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { ListOutputSetsDto } from './dto/list-output-sets.dto';
import { DownloadLinksDto, OutputSetDto, OutputSetListDto } from './dto/output-set.dto';

@ApiTags('Output sets')
@Controller({ path: 'output-sets', version: '1' })
export class OutputSetsController {
  constructor(
    private readonly outputSets: OutputSetService,
    private readonly cursors: Cursors,
  ) {}

  @RequireScope('read:jobs')
  @ApiOperation({
    summary: 'List output sets',
    description:
      'Oldest first, one set a successful run. `nextCursor` is given at the end too: ask with it later to get each set that was added since, once.',
  })
  @ApiResponse({
    status: 200,
    description: 'A page of output sets.',
    type: OutputSetListDto,
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'invalid_cursor', 'partner_not_allowed', 'database_unavailable')
  @Get()
  async listOutputSets(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListOutputSetsDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OutputSetListDto> {
    requirePartner(principal, query.partner, { parameter: 'partner' });
    const filter = query.toFilter();
    const scope: CursorScope = { list: 'output-sets', issuer: principal.issuer, client: principal.clientId, ...filter };
    const page = await this.outputSets.list(filter, this.cursors.position(query.cursor, scope), query.pageSize);
    const nextCursor = this.cursors.encode(page.position, scope);
    if (page.hasMore) response.setHeader('Link', nextPageLink(request, nextCursor));
    return { items: page.items.map((set) => OutputSetDto.from(set)), nextCursor, hasMore: page.hasMore };
  }

  @RequireScope('read:jobs:output-files')
  @ApiOperation({
    summary: 'Make download links',
    description: 'A short-lived URL for each file of the set. Whoever has the URL has the file: treat it as a secret.',
  })
  @ApiUid('The output set.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 200, description: 'A link for each file.', type: DownloadLinksDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'output_set_not_found', 'output_files_removed')
  @ApiProblems('payload_too_large', 'unsupported_media_type', 'storage_unavailable', 'database_unavailable')
  @Post(':uid/download-links')
  @HttpCode(200)
  async createDownloadLinks(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<DownloadLinksDto> {
    if (uid === null) throw outputSetNotFound();
    const result = await this.outputSets.createDownloadLinks(uid, principal);
    if (result.kind !== 'found') throw downloadLinksProblem(result);
    return { downloadLinks: Object.fromEntries(result.links), expiresAt: result.expiresAt.toISOString() };
  }
}
