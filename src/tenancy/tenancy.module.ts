import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppUser } from './entities/app-user.entity';
import { PartnerBundle } from './entities/partner-bundle.entity';
import { Partner } from './entities/partner.entity';
import { SchoolYear } from './entities/school-year.entity';
import { TenantSchoolYear } from './entities/tenant-school-year.entity';
import { Tenant } from './entities/tenant.entity';

/** Partners, their tenants, and what is enabled for whom. */
@Module({
  imports: [TypeOrmModule.forFeature([Partner, Tenant, SchoolYear, TenantSchoolYear, PartnerBundle, AppUser])],
  exports: [TypeOrmModule],
})
export class TenancyModule {}
