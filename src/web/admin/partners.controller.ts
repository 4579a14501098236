import { Body, Controller, Get, Patch, Post, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { administrationProblem } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import { PartnersService } from '../../tenancy/partners.service';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { Operator, PartnerAdmin, SignedIn } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import { SearchQueryDto } from './dto/admin-fields';
import { AdminPartnerDto, AdminPartnerListDto, CreatePartnerDto, RenamePartnerDto } from './dto/partner.dto';
import { ApiPartnerParam, PathCode } from './path-codes.decorator';
import { ApiPrecondition, EditOf } from './precondition.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners', version: VERSION_NEUTRAL })
export class PartnersController {
  constructor(
    private readonly partners: PartnersService,
    private readonly cursors: Cursors,
  ) {}

  @SignedIn()
  @ApiOperation({
    summary: 'List partners',
    description: 'Those that the user administers, by code; all of them for an operator.',
  })
  @ApiResponse({ status: 200, description: 'A page of partners.', type: AdminPartnerListDto })
  @ApiProblems('invalid_request', 'invalid_cursor', 'role_missing')
  @Get()
  async listAdminPartners(@CurrentUser() user: WebUser, @Query() query: SearchQueryDto): Promise<AdminPartnerListDto> {
    const scope: CursorScope = { list: 'admin-partners', user: user.uid, search: query.searchText };
    const access = { userId: user.id, operator: user.operator };
    const position = this.cursors.position(query.cursor, scope);
    const result = await this.partners.list(access, query.searchText, position, query.pageSize);
    if (result.kind !== 'found') throw administrationProblem(result);
    return answerPage(result.page, (partner) => AdminPartnerDto.from(partner), this.cursors, scope);
  }

  @Operator()
  @ApiOperation({ summary: 'Create a partner', description: 'Its code stays for ever; it has no tenants and no bundles yet.' })
  @ApiResponse({ status: 201, description: 'The partner.', type: AdminPartnerDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'code_taken', 'payload_too_large', 'unsupported_media_type')
  @Post()
  async createPartner(@CurrentUser() user: WebUser, @Body() body: CreatePartnerDto): Promise<AdminPartnerDto> {
    const result = await this.partners.create(user, body.code, body.name);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminPartnerDto.from(result.partner);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: 'Get a partner', description: 'One that the user administers.' })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'The partner.', type: AdminPartnerDto })
  @Get(':partner')
  async getAdminPartner(@PathCode('partner') partner: string): Promise<AdminPartnerDto> {
    const result = await this.partners.get(partner);
    if (result.kind !== 'found') throw administrationProblem(result);
    return AdminPartnerDto.from(result.partner);
  }

  @Operator()
  @ApiOperation({ summary: 'Rename a partner', description: 'For people; its code stays.' })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'The partner after the change.', type: AdminPartnerDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'payload_too_large', 'unsupported_media_type')
  @ApiPathProblem('partner_not_found')
  @ApiPrecondition()
  @Patch(':partner')
  async renamePartner(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @EditOf() precondition: Precondition,
    @Body() body: RenamePartnerDto,
  ): Promise<AdminPartnerDto> {
    const result = await this.partners.rename(user, partner, body.name, precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminPartnerDto.from(result.partner);
  }
}
