import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BundleCatalog } from '../../bundles/bundle-catalog';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { JOB_SCOPES } from '../auth/scopes';
import { RequireAnyScope } from '../auth/scopes.decorator';
import { BundleDto, BundleListDto } from './dto/bundle.dto';

@ApiTags('Bundles')
@Controller({ path: 'bundles', version: '1' })
export class BundlesController {
  constructor(private readonly catalog: BundleCatalog) {}

  @RequireAnyScope(JOB_SCOPES)
  @ApiOperation({
    summary: 'List bundles',
    description:
      "Those that the token's partners may use, each with what a job has to give it, also as JSON Schema: `schema.files` and `schema.params` are for the members of the same name when a job is created. The schemas count characters where the service counts bytes, and cannot know the job's `schoolYear`, with which `API_YEAR` has to agree.",
  })
  @ApiResponse({ status: 200, description: 'All of them.', type: BundleListDto })
  @ApiProblems('bundle_registry_unavailable', 'database_unavailable')
  @Get()
  async listBundles(@CurrentPrincipal() { partners }: Principal): Promise<BundleListDto> {
    const result = await this.catalog.list(partners);
    if (result.kind !== 'found') throw registryUnavailable();
    return { items: result.bundles.map((bundle) => BundleDto.from(bundle)) };
  }

  @RequireAnyScope(JOB_SCOPES)
  @ApiOperation({ summary: 'Get a bundle', description: 'By its path, with the slashes as they are.' })
  @ApiParam({ name: 'path', type: String, description: 'The path in the registry.', example: 'assessments/Harbor_Reading' })
  @ApiResponse({ status: 200, description: 'The bundle.', type: BundleDto })
  @ApiPathProblem('bundle_not_found')
  @ApiProblems('bundle_registry_unavailable', 'database_unavailable')
  @Get('*path')
  async getBundle(@CurrentPrincipal() { partners }: Principal, @Param('path') path: string[]): Promise<BundleDto> {
    const result = await this.catalog.find(partners, path.join('/'));
    switch (result.kind) {
      case 'found':
        return BundleDto.from(result.bundle);
      case 'bundle_not_found':
        throw new Problem(result.kind, 'There is no such bundle, or it is not enabled for a partner of the token.', {
          inPath: true,
        });
      case 'bundle_registry_unavailable':
        throw registryUnavailable();
      default:
        return result satisfies never;
    }
  }
}

const registryUnavailable = (): Problem =>
  new Problem('bundle_registry_unavailable', 'The bundles have not been read yet. Try again shortly.');
