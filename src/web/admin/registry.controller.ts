import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BundleRegistryService } from '../../bundles/bundle-registry.service';
import { Operator } from '../auth/web-access.decorator';
import { RegistryDto } from './dto/registry.dto';

@ApiTags('Administration')
@Controller({ path: 'api/admin/registry', version: VERSION_NEUTRAL })
export class RegistryController {
  constructor(private readonly registry: BundleRegistryService) {}

  @Operator()
  @ApiOperation({
    summary: 'Get the state of the bundle registry',
    description: 'As the web process that answers has read it; each reads it for itself.',
  })
  @ApiResponse({ status: 200, description: 'The state.', type: RegistryDto })
  @Get()
  getRegistry(): RegistryDto {
    return RegistryDto.from(this.registry.state(), this.registry.list().length);
  }
}
