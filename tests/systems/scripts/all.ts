import type { System } from '../system.ts';
import { openDocuments } from './01-open-documents.ts';
import { provincialLedger } from './02-provincial-ledger.ts';
import { certificates } from './03-certificates.ts';
import { dataSharing } from './04-data-sharing.ts';
import { supplyChainFinance } from './05-supply-chain-finance.ts';
import { bills } from './06-bills.ts';
import { goodsTrace } from './07-goods-trace.ts';
import { dataChanges } from './08-data-changes.ts';
import { threeTiers } from './09-three-tiers.ts';
import { departments } from './10-departments.ts';
import { propertyAndPort } from './11-property-and-port.ts';
import { courtEvidence } from './12-court-evidence.ts';
import { enterpriseLists } from './13-enterprise-lists.ts';
import { recordedMark } from './14-recorded-mark.ts';
import { cityObservers } from './15-city-observers.ts';
import { creditAndProjects } from './16-credit-and-projects.ts';

/** The systems in the order of their numbers. */
export const SYSTEMS: readonly System[] = [
  openDocuments,
  provincialLedger,
  certificates,
  dataSharing,
  supplyChainFinance,
  bills,
  goodsTrace,
  dataChanges,
  threeTiers,
  departments,
  propertyAndPort,
  courtEvidence,
  enterpriseLists,
  recordedMark,
  cityObservers,
  creditAndProjects,
];
