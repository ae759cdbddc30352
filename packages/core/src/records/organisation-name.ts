import { type Fault, refuse } from '../encoding/result.ts';
import { personalIn } from './personal-data.ts';
import { bearsMarking } from './secrecy.ts';

/** What the name of an organisation holds that an open ledger must not, or null. Faults: `personal-data`, `secret-document`. */
export function organisationNameFlaw(code: string, name: string): Fault | null {
  const personal = personalIn(name);
  if (personal !== null)
    return refuse('personal-data', `the name of ${code} holds ${personal} of a person`).fault;
  return bearsMarking(name) ? refuse('secret-document', `the name of ${code} bears a 密级`).fault : null;
}
