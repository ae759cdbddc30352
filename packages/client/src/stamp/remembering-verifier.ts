export { rememberingVerifier } from '@qifeng/core';
