import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { CurrentPrincipal } from '../auth/principal.decorator';
import type { Principal } from '../auth/principal';
import { AnyValidToken } from '../auth/scopes.decorator';
import { TokenVerificationDto } from './dto/token-verification.dto';

@ApiTags('Token')
@Controller({ path: 'token', version: '1' })
export class TokenController {
  @Post('verify')
  @HttpCode(200)
  @AnyValidToken()
  @ApiOperation({ summary: 'Verify a token', description: 'Says what the token allows, for setting up a client.' })
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 200, description: 'What the token says.', type: TokenVerificationDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'payload_too_large', 'unsupported_media_type')
  verify(@CurrentPrincipal() principal: Principal, @Body() _body: EmptyBodyDto): TokenVerificationDto {
    const { issuer, clientId, clientName, scopes, partners, expiresAt } = principal;
    return { issuer, clientId, clientName, scopes: [...scopes], partners: [...partners], expiresAt: expiresAt.toISOString() };
  }
}
