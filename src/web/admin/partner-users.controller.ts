import { Body, Controller, Get, HttpCode, Post, Put, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiUid, ResourceUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { administrationProblem, userNotFound } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import type { WantedRole } from '../../tenancy/roles';
import type { WebUser } from '../../tenancy/user-access';
import { UsersService } from '../../tenancy/users.service';
import { CurrentUser } from '../auth/current.decorator';
import { PartnerAdmin } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import type { StaffRoleDto } from './dto/role.dto';
import { AddStaffDto, AdminUserDto, AdminUserListDto, ListUsersDto, SetStaffRolesDto } from './dto/user.dto';
import { LoginIssuers } from './login-issuers';
import { ApiPartnerParam, PathCode } from './path-codes.decorator';
import { ApiPrecondition, EditOf } from './precondition.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners/:partner/users', version: VERSION_NEUTRAL })
export class PartnerUsersController {
  constructor(
    private readonly users: UsersService,
    private readonly cursors: Cursors,
    private readonly issuers: LoginIssuers,
  ) {}

  @PartnerAdmin()
  @ApiOperation({
    summary: "List a partner's users",
    description: 'Those who have a role at the partner, with those roles, by name.',
  })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'A page of users.', type: AdminUserListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listPartnerUsers(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @Query() query: ListUsersDto,
  ): Promise<AdminUserListDto> {
    const filter = { partner, search: query.searchText, state: query.state ?? null };
    const scope: CursorScope = { list: 'admin-users', user: user.uid, ...filter };
    const page = await this.users.list(filter, this.cursors.position(query.cursor, scope), query.pageSize);
    return answerPage(page, (found) => AdminUserDto.from(found), this.cursors, scope);
  }

  @PartnerAdmin()
  @ApiOperation({
    summary: "Admit a user to the staff of the partner's tenants",
    description: 'Also before they have signed in. Somebody who is known already keeps their roles and gets these besides.',
  })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'The user, with their roles at the partner.', type: AdminUserDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'tenant_not_found', 'user_disabled')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @Post()
  @HttpCode(200)
  async addPartnerUser(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @Body() body: AddStaffDto,
  ): Promise<AdminUserDto> {
    const roles = toWantedRoles(partner, body.roles);
    const result = await this.users.add(user, { kind: 'partner', partner }, this.issuers.toNewUser(body), roles);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }

  @PartnerAdmin()
  @ApiOperation({ summary: "Get a partner's user", description: 'One who has a role at the partner, with those roles.' })
  @ApiPartnerParam()
  @ApiUid('A user who has a role at the partner.')
  @ApiResponse({ status: 200, description: 'The user.', type: AdminUserDto })
  @ApiProblems('user_not_found')
  @Get(':uid')
  async getPartnerUser(@PathCode('partner') partner: string, @ResourceUid() uid: string | null): Promise<AdminUserDto> {
    if (uid === null) throw userNotFound();
    const result = await this.users.get({ kind: 'partner', partner }, uid);
    if (result.kind !== 'found') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }

  @PartnerAdmin()
  @ApiOperation({
    summary: "Set which of the partner's tenants a user works for",
    description: 'These and no others. It works at once; roles of other kinds and of other partners stay.',
  })
  @ApiPartnerParam()
  @ApiUid('A user who has a role at the partner.')
  @ApiResponse({ status: 200, description: 'The user after the change, with their roles at the partner.', type: AdminUserDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'tenant_not_found', 'user_not_found')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @ApiPrecondition()
  @Put(':uid/roles')
  async setPartnerUserRoles(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @ResourceUid() uid: string | null,
    @EditOf() precondition: Precondition,
    @Body() body: SetStaffRolesDto,
  ): Promise<AdminUserDto> {
    if (uid === null) throw userNotFound();
    const roles = toWantedRoles(partner, body.roles);
    const result = await this.users.setRoles(user, { kind: 'partner', partner }, uid, roles, precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }
}

const toWantedRoles = (partner: string, roles: readonly StaffRoleDto[]): WantedRole[] =>
  roles.map(({ role, tenant }) => ({ role, partner, tenant }));
