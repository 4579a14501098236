import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../../platform/problem/problem';
import { TenantDetailsService } from '../../tenancy/tenant-details';
import { CurrentTenant, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { TenantDto } from './dto/tenant.dto';

@ApiTags('Tenant')
@ApiTenantPath()
@Controller({ path: TENANT_PATH, version: VERSION_NEUTRAL })
export class TenantController {
  constructor(private readonly tenants: TenantDetailsService) {}

  @TenantAccess()
  @ApiOperation({ summary: 'Get the tenant', description: 'Its names, its school years, and what the user is there.' })
  @ApiResponse({ status: 200, description: 'The tenant.', type: TenantDto })
  @Get()
  async getTenant(@CurrentTenant() { partner, tenant, role }: PathTenant): Promise<TenantDto> {
    const details = await this.tenants.find(partner, tenant);
    // It was there when the guard looked.
    if (!details) throw new Problem('tenant_not_found', 'There is no such tenant that this user may reach.', { inPath: true });
    return TenantDto.from(details, role);
  }
}
