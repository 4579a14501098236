import { Body, Controller, Get, Put, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import { changedMeanwhile, partnerNotFound } from '../../tenancy/administration-problems';
import type { Precondition } from '../../tenancy/entity-tag';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentUser } from '../auth/current.decorator';
import { Operator, PartnerAdmin } from '../auth/web-access.decorator';
import { PartnerBundleListDto, SetPartnerBundlesDto } from './dto/partner-bundle.dto';
import { PartnerBundles, type SetPartnerBundlesResult } from './partner-bundles.service';
import { ApiPartnerParam, PathCode } from './path-codes.decorator';
import { ApiPrecondition, EditOf } from './precondition.decorator';

@ApiTags('Administration')
@Controller({ path: 'api/admin/partners/:partner/bundles', version: VERSION_NEUTRAL })
export class PartnerBundlesController {
  constructor(private readonly bundles: PartnerBundles) {}

  @PartnerAdmin()
  @ApiOperation({ summary: 'List the bundles', description: 'Every bundle of the registry, and whether the partner may use it.' })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'The bundles.', type: PartnerBundleListDto })
  @ApiProblems('bundle_registry_unavailable')
  @Get()
  async listPartnerBundles(@PathCode('partner') partner: string): Promise<PartnerBundleListDto> {
    return answer(await this.bundles.list(partner));
  }

  @Operator()
  @ApiOperation({
    summary: "Set a partner's bundles",
    description: 'These and no others. Jobs that there are stay and go on; only new ones are no longer taken.',
  })
  @ApiPartnerParam()
  @ApiResponse({ status: 200, description: 'The bundles after the change.', type: PartnerBundleListDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'bundle_not_found', 'payload_too_large')
  @ApiProblems('unsupported_media_type', 'bundle_registry_unavailable')
  @ApiPathProblem('partner_not_found')
  @ApiPrecondition()
  @Put()
  async setPartnerBundles(
    @CurrentUser() user: WebUser,
    @PathCode('partner') partner: string,
    @EditOf() precondition: Precondition,
    @Body() body: SetPartnerBundlesDto,
  ): Promise<PartnerBundleListDto> {
    return answer(await this.bundles.set(user, partner, body.bundles, precondition));
  }
}

function answer(result: SetPartnerBundlesResult): PartnerBundleListDto {
  switch (result.kind) {
    case 'found':
      return { items: [...result.bundles], etag: result.etag };
    case 'partner_not_found':
      throw partnerNotFound();
    case 'precondition_failed':
      throw changedMeanwhile(result.editor);
    case 'bundle_registry_unavailable':
      throw new Problem(result.kind, 'The bundles have not been read yet. Try again shortly.');
    case 'bundle_not_found': {
      const detail = 'The registry has no such bundle.';
      const errors = result.indexes.map((index) => ({ pointer: `/bundles/${index}`, code: result.kind, detail }));
      throw new Problem(result.kind, `/bundles: the registry does not have ${errors.length} of them; see errors.`, { errors });
    }
    default:
      return result satisfies never;
  }
}
