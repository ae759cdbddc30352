import { verifierCompliance } from '../../../core/src/crypto/testing/verifier-compliance.ts';
import { sodiumVerifier } from './sodium-verifier.ts';

verifierCompliance('sodiumVerifier', sodiumVerifier);
