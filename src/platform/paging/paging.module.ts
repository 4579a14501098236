import { Module } from '@nestjs/common';
import { Cursors } from './cursors';

@Module({ providers: [Cursors], exports: [Cursors] })
export class PagingModule {}
