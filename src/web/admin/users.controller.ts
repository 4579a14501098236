import { Body, Controller, Get, HttpCode, Patch, Post, Put, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiUid, ResourceUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { administrationProblem, userNotFound } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import type { WebUser } from '../../tenancy/user-access';
import { UsersService } from '../../tenancy/users.service';
import { CurrentUser } from '../auth/current.decorator';
import { Operator } from '../auth/web-access.decorator';
import { answerPage } from './answer-page';
import { toWantedRole } from './dto/role.dto';
import { AddUserDto, AdminUserDto, AdminUserListDto, ListUsersDto, SetRolesDto, SetUserStateDto } from './dto/user.dto';
import { LoginIssuers } from './login-issuers';
import { ApiPrecondition, EditOf } from './precondition.decorator';

const EVERYBODY = { kind: 'all' } as const;

@ApiTags('Administration')
@Controller({ path: 'api/admin/users', version: VERSION_NEUTRAL })
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly cursors: Cursors,
    private readonly issuers: LoginIssuers,
  ) {}

  @Operator()
  @ApiOperation({
    summary: 'List users',
    description: 'By name; `waiting` are those who have signed in and whom nobody has admitted.',
  })
  @ApiResponse({ status: 200, description: 'A page of users.', type: AdminUserListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listUsers(@CurrentUser() user: WebUser, @Query() query: ListUsersDto): Promise<AdminUserListDto> {
    const filter = { partner: null, search: query.searchText, state: query.state ?? null };
    const scope: CursorScope = { list: 'admin-users', user: user.uid, ...filter };
    const page = await this.users.list(filter, this.cursors.position(query.cursor, scope), query.pageSize);
    return answerPage(page, (found) => AdminUserDto.from(found), this.cursors, scope);
  }

  @Operator()
  @ApiOperation({
    summary: 'Admit a user',
    description: 'Also before they have signed in. Somebody who is known already keeps their roles and gets these besides.',
  })
  @ApiResponse({ status: 200, description: 'The user.', type: AdminUserDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'partner_not_found', 'tenant_not_found', 'user_disabled')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @Post()
  @HttpCode(200)
  async addUser(@CurrentUser() user: WebUser, @Body() body: AddUserDto): Promise<AdminUserDto> {
    const result = await this.users.add(user, EVERYBODY, this.issuers.toNewUser(body), body.roles.map(toWantedRole));
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }

  @Operator()
  @ApiOperation({ summary: 'Get a user', description: 'With all roles.' })
  @ApiUid('The user.')
  @ApiResponse({ status: 200, description: 'The user.', type: AdminUserDto })
  @ApiProblems('user_not_found')
  @Get(':uid')
  async getUser(@ResourceUid() uid: string | null): Promise<AdminUserDto> {
    if (uid === null) throw userNotFound();
    const result = await this.users.get(EVERYBODY, uid);
    if (result.kind !== 'found') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }

  @Operator()
  @ApiOperation({
    summary: 'Admit or disable a user',
    description: 'It works at once, also on sessions that are open. The last operator cannot be disabled.',
  })
  @ApiUid('The user.')
  @ApiResponse({ status: 200, description: 'The user after the change.', type: AdminUserDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'user_not_found', 'last_operator')
  @ApiProblems('payload_too_large', 'unsupported_media_type')
  @Patch(':uid')
  async setUserState(
    @CurrentUser() user: WebUser,
    @ResourceUid() uid: string | null,
    @Body() body: SetUserStateDto,
  ): Promise<AdminUserDto> {
    if (uid === null) throw userNotFound();
    const result = await this.users.setState(user, uid, body.state);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }

  @Operator()
  @ApiOperation({
    summary: "Set a user's roles",
    description: 'These and no others. It works at once. The role of the last operator cannot be taken away.',
  })
  @ApiUid('The user.')
  @ApiResponse({ status: 200, description: 'The user after the change.', type: AdminUserDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'partner_not_found', 'tenant_not_found', 'user_not_found')
  @ApiProblems('last_operator', 'payload_too_large', 'unsupported_media_type')
  @ApiPrecondition()
  @Put(':uid/roles')
  async setUserRoles(
    @CurrentUser() user: WebUser,
    @ResourceUid() uid: string | null,
    @EditOf() precondition: Precondition,
    @Body() body: SetRolesDto,
  ): Promise<AdminUserDto> {
    if (uid === null) throw userNotFound();
    const result = await this.users.setRoles(user, EVERYBODY, uid, body.roles.map(toWantedRole), precondition);
    if (result.kind !== 'saved') throw administrationProblem(result);
    return AdminUserDto.from(result.user);
  }
}
