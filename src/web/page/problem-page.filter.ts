import { Catch } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { FileService } from '../../files/file.service';
import type { Problem } from '../../platform/problem/problem';
import { ProblemFilter, setProblemHeaders } from '../../platform/problem/problem.filter';
import type { BuiltPage } from './built-page';
import { sendDocument } from './send-document';

/** The steps of signing in, on which a browser goes from page to page. */
const NAVIGATION = /^\/api\/auth\/(login|callback)\/?$/i;

/** Answers a browser that goes to such a path with the page, which tells the problem in people's words, and all else as everywhere. */
@Catch()
export class ProblemPageFilter extends ProblemFilter {
  constructor(
    private readonly page: BuiltPage,
    private readonly files: Pick<FileService, 'uploadOrigin'>,
  ) {
    super();
  }

  protected override answer(problem: Problem, request: Request, response: Response): void {
    if (!NAVIGATION.test(request.path) || request.accepts(['json', 'html']) !== 'html')
      return super.answer(problem, request, response);
    void this.answerWithPage(problem, response);
  }

  private async answerWithPage(problem: Problem, response: Response): Promise<void> {
    const storeOrigin = await this.files.uploadOrigin().catch(() => null);
    setProblemHeaders(response, problem);
    sendDocument(this.page, storeOrigin, response.status(problem.status), problem.code);
  }
}
