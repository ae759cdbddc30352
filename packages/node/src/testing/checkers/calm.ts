import type { ToSign } from '../../consensus/output.ts';
import { Violation } from './violation.ts';

/** Where everybody is honest and up, and nothing is lost or late, nobody asks for another view. */
export class CalmChecker {
  /** True while it is so. */
  calm = false;

  signed(replica: number, what: ToSign): void {
    if (this.calm && what.type === 'view-change')
      throw new Violation('calm', `${replica} asks for view ${what.body.newView}, and nothing is wrong`);
  }
}
