import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppUser } from './entities/app-user.entity';
import { PartnerBundle } from './entities/partner-bundle.entity';
import { Partner } from './entities/partner.entity';
import { SchoolYear } from './entities/school-year.entity';
import { TenantSchoolYear } from './entities/tenant-school-year.entity';
import { Tenant } from './entities/tenant.entity';
import { UserRole } from './entities/user-role.entity';
import { TenantDetailsService } from './tenant-details';
import { UserAccessService } from './user-access.service';

/** Partners, their tenants, and what is enabled for whom. */
@Module({
  imports: [TypeOrmModule.forFeature([Partner, Tenant, SchoolYear, TenantSchoolYear, PartnerBundle, AppUser, UserRole])],
  providers: [TenantDetailsService, UserAccessService],
  exports: [TenantDetailsService, TypeOrmModule, UserAccessService],
})
export class TenancyModule {}
