import { Body, Controller, Delete, Get, HttpCode, Post, Put, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import { administrationProblem, odsConnectionNotFound, schoolYearNotEnabled } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import { OdsConnectionsService } from '../../tenancy/ods-connections.service';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { PartnerAdmin } from '../auth/web-access.decorator';
import { OdsCheckDto, OdsConnectionDto, OdsConnectionListDto, SaveOdsConnectionDto } from './dto/ods-connection.dto';
import { CHECK_TIMEOUT_MS, OdsCheck } from './ods-check.service';
import { ApiPartnerParam, ApiSchoolYearParam, ApiTenantParam, PathCode, PathSchoolYear } from './path-codes.decorator';
import { ApiPrecondition, EditOrCreation } from './precondition.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners/:partner/tenants/:tenant/ods-connections', version: VERSION_NEUTRAL })
export class OdsConnectionsController {
  constructor(
    private readonly connections: OdsConnectionsService,
    private readonly check: OdsCheck,
  ) {}

  @PartnerAdmin()
  @ApiOperation({ summary: "List a tenant's ODS connections", description: 'By school year, without their keys and secrets.' })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiResponse({ status: 200, description: 'The connections.', type: OdsConnectionListDto })
  @ApiPathProblem('tenant_not_found')
  @Get()
  async listOdsConnections(
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
  ): Promise<OdsConnectionListDto> {
    const result = await this.connections.list({ partner, tenant });
    if (result.kind !== 'found') throw administrationProblem(result);
    return { items: result.connections.map((connection) => OdsConnectionDto.from(connection)) };
  }

  @PartnerAdmin()
  @ApiOperation({
    summary: 'Make or change an ODS connection',
    description:
      'Key and secret are stored encrypted and never shown again. Without them those that are stored stay, but not for another base URL.',
  })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiSchoolYearParam()
  @ApiResponse({ status: 200, description: 'The connection.', type: OdsConnectionDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'ods_url_not_allowed', 'ods_credentials_needed')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @ApiPathProblem('tenant_not_found')
  @ApiPathProblem('school_year_not_enabled')
  @ApiPrecondition({ creates: true })
  @Put(':schoolYear')
  async saveOdsConnection(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
    @PathSchoolYear() endYear: number | null,
    @EditOrCreation() precondition: Precondition,
    @Body() body: SaveOdsConnectionDto,
  ): Promise<OdsConnectionDto> {
    if (endYear === null) throw schoolYearNotEnabled();
    const result = await this.connections.save(user, { partner, tenant, endYear }, body.toCommand(), precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return OdsConnectionDto.from(result.connection);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: 'Delete an ODS connection', description: 'With its key and secret.' })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiSchoolYearParam()
  @ApiResponse({ status: 204, description: 'It is deleted.' })
  @ApiProblems('ods_connection_not_found')
  @ApiPathProblem('tenant_not_found')
  @Delete(':schoolYear')
  @HttpCode(204)
  async deleteOdsConnection(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
    @PathSchoolYear() endYear: number | null,
  ): Promise<void> {
    if (endYear === null) throw odsConnectionNotFound();
    const result = await this.connections.delete(user, { partner, tenant, endYear });
    if (result.kind !== 'deleted') throw administrationProblem(result);
  }

  @PartnerAdmin()
  @ApiOperation({
    summary: 'Test an ODS connection',
    description:
      "Reaches the base URL, reads what the API says of itself, gets a token with the stored key and secret, and looks for the school year. Nothing is written there, and nothing of the API's own words is shown. It takes up to 25 seconds.",
  })
  @ApiPartnerParam()
  @ApiTenantParam()
  @ApiSchoolYearParam()
  @ApiBody({ type: EmptyBodyDto, required: false })
  @ApiResponse({ status: 200, description: 'How far it came.', type: OdsCheckDto })
  @ApiProblems('malformed_json', 'unknown_field', 'ods_connection_not_found', 'ods_credentials_unreadable')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @ApiPathProblem('tenant_not_found')
  @Post(':schoolYear/test')
  @HttpCode(200)
  async testOdsConnection(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @PathCode('tenant') tenant: string,
    @PathSchoolYear() endYear: number | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<OdsCheckDto> {
    if (endYear === null) throw odsConnectionNotFound();
    const result = await this.check.run(user, { partner, tenant, endYear });
    if (result.kind === 'too_many_checks') throw tooManyChecks(result.limit);
    if (result.kind !== 'checked') throw administrationProblem(result);
    return OdsCheckDto.from(result.check);
  }
}

const tooManyChecks = (limit: number): Problem =>
  new Problem('rate_limited', `You wait for ${limit} tests already. Test again when one has come to its end.`, {
    headers: { 'Retry-After': String(CHECK_TIMEOUT_MS / 1000) },
  });
