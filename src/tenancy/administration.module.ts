import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../platform/database/database.module';
import { EncryptionModule } from '../platform/encryption/encryption.module';
import { AuditService } from './audit.service';
import { AuditRecord } from './entities/audit-record.entity';
import { OdsConnection } from './entities/ods-connection.entity';
import { OdsConnectionsService } from './ods-connections.service';
import { PartnersService } from './partners.service';
import { TenancyModule } from './tenancy.module';
import { TenantsService } from './tenants.service';
import { UsersService } from './users.service';

/** What a front for administrators needs of tenancy. */
@Module({
  imports: [DatabaseModule, TenancyModule, EncryptionModule, TypeOrmModule.forFeature([OdsConnection, AuditRecord])],
  providers: [PartnersService, TenantsService, UsersService, OdsConnectionsService, AuditService],
  exports: [PartnersService, TenantsService, UsersService, OdsConnectionsService, AuditService],
})
export class AdministrationModule {}
