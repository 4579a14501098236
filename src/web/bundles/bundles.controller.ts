import { Controller, Get, Param, Query, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BundleCatalog, type DescribedBundle } from '../../bundles/bundle-catalog';
import { TenantJobsService } from '../../jobs/tenant-jobs.service';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentTenant, CurrentUser, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { ListWebBundlesDto, WebBundleDto, WebBundleListDto, WebBundleSummaryDto } from './dto/web-bundle.dto';

@ApiTags('Bundles')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/bundles`, version: VERSION_NEUTRAL })
export class TenantBundlesController {
  constructor(
    private readonly catalog: BundleCatalog,
    private readonly jobs: TenantJobsService,
  ) {}

  @TenantAccess()
  @ApiOperation({ summary: 'List bundles', description: "Those that are enabled for the tenant's partner." })
  @ApiResponse({ status: 200, description: 'All that match.', type: WebBundleListDto })
  @ApiProblems('invalid_request', 'bundle_registry_unavailable')
  @Get()
  async listTenantBundles(@CurrentTenant() { partner }: PathTenant, @Query() { search }: ListWebBundlesDto): Promise<WebBundleListDto> {
    const result = await this.catalog.listWithAbout([partner]);
    if (result.kind !== 'found') throw registryUnavailable();
    const bundles = result.bundles.filter((bundle) => matches(bundle, search?.trim().toLowerCase() ?? ''));
    return { items: bundles.map((bundle) => WebBundleSummaryDto.from(bundle)) };
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Get a bundle',
    description: 'By its path, with the slashes as they are; with its README, the columns of its files and the last settings.',
  })
  @ApiParam({ name: 'path', type: String, description: 'The path in the registry.', example: 'assessments/Harbor_Reading' })
  @ApiResponse({ status: 200, description: 'The bundle.', type: WebBundleDto })
  @ApiPathProblem('bundle_not_found')
  @ApiProblems('bundle_registry_unavailable')
  @Get('*path')
  async getTenantBundle(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @Param('path') path: string[],
  ): Promise<WebBundleDto> {
    const result = await this.catalog.findWithAbout([tenant.partner], path.join('/'));
    switch (result.kind) {
      case 'found':
        return WebBundleDto.of(result.bundle, await this.jobs.lastSettings(tenant, result.bundle.path, user.id));
      case 'bundle_not_found':
        throw new Problem(result.kind, 'There is no such bundle, or it is not enabled for the partner.', { inPath: true });
      case 'bundle_registry_unavailable':
        throw registryUnavailable();
      default:
        return result satisfies never;
    }
  }
}

const matches = ({ displayName, path, about }: DescribedBundle, search: string): boolean =>
  [displayName, path, about.description ?? ''].some((text) => text.toLowerCase().includes(search));

const registryUnavailable = (): Problem =>
  new Problem('bundle_registry_unavailable', 'The bundles have not been read yet. Try again shortly.');
