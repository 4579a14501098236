import { Body, Controller, Get, Patch, Post, Put, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { administrationProblem } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import { TenantsService } from '../../tenancy/tenants.service';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { PartnerAdmin } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import { SearchQueryDto } from './dto/admin-fields';
import { AdminTenantDto, AdminTenantListDto, CreateTenantDto, RenameTenantDto, SetSchoolYearsDto } from './dto/tenant.dto';
import { ApiPartnerParam, ApiTenantParam, PathCode } from './path-codes.decorator';
import { ApiPrecondition, EditOf } from './precondition.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners/:partner/tenants', version: VERSION_NEUTRAL })
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly cursors: Cursors,
  ) {}

  @PartnerAdmin()
  @ApiOperation({ summary: "List a partner's tenants", description: 'By code, each with its school years.' })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'A page of tenants.', type: AdminTenantListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listAdminTenants(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @Query() query: SearchQueryDto,
  ): Promise<AdminTenantListDto> {
    const scope: CursorScope = { list: 'admin-tenants', user: user.uid, partner, search: query.searchText };
    const position = this.cursors.position(query.cursor, scope);
    const page = await this.tenants.list(partner, query.searchText, position, query.pageSize);
    return answerPage(page, (tenant) => AdminTenantDto.from(tenant), this.cursors, scope);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: 'Create a tenant', description: 'Its code stays for ever; it has no school years yet.' })
  @ApiPartnerParam()
  @ApiResponse({ status: 201, description: 'The tenant.', type: AdminTenantDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'code_taken', 'payload_too_large', 'unsupported_media_type')
  @Post()
  async createTenant(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @Body() body: CreateTenantDto,
  ): Promise<AdminTenantDto> {
    const result = await this.tenants.create(user, { partner, tenant: body.code }, body.name);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminTenantDto.from(result.tenant);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: 'Get a tenant', description: 'With its school years.' })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiResponse({ status: 200, description: 'The tenant.', type: AdminTenantDto })
  @ApiPathProblem('tenant_not_found')
  @Get(':tenant')
  async getAdminTenant(@PathCode('partner') partner: string, @PathCode('tenant') tenant: string): Promise<AdminTenantDto> {
    const result = await this.tenants.get({ partner, tenant });
    if (result.kind !== 'found') throw administrationProblem(result);
    return AdminTenantDto.from(result.tenant);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: 'Rename a tenant', description: 'For people; its code stays.' })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiResponse({ status: 200, description: 'The tenant after the change.', type: AdminTenantDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'payload_too_large', 'unsupported_media_type')
  @ApiPathProblem('tenant_not_found')
  @ApiPrecondition()
  @Patch(':tenant')
  async renameTenant(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
    @EditOf() precondition: Precondition,
    @Body() body: RenameTenantDto,
  ): Promise<AdminTenantDto> {
    const result = await this.tenants.rename(user, { partner, tenant }, body.name, precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminTenantDto.from(result.tenant);
  }

  @PartnerAdmin()
  @ApiOperation({
    summary: "Set a tenant's school years",
    description: 'These and no others. Jobs of a school year that is disabled stay and go on; only new ones are no longer taken.',
  })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiResponse({ status: 200, description: 'The tenant after the change.', type: AdminTenantDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'payload_too_large', 'unsupported_media_type')
  @ApiPathProblem('tenant_not_found')
  @ApiPrecondition()
  @Put(':tenant/school-years')
  async setSchoolYears(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
    @EditOf() precondition: Precondition,
    @Body() body: SetSchoolYearsDto,
  ): Promise<AdminTenantDto> {
    const result = await this.tenants.enableSchoolYears(user, { partner, tenant }, body.toEndYears(), precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminTenantDto.from(result.tenant);
  }
}
