// sodium-native 5.1 ships no types; these are the two functions used here.
declare module 'sodium-native' {
  /** Cofactorless, strict; asserts the lengths of `signature` (>= 64) and `key` (32). */
  export function crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    key: Uint8Array,
  ): boolean;
  /** Canonical, on the curve, of order L; asserts the length of `point` (32). */
  export function crypto_core_ed25519_is_valid_point(point: Uint8Array): boolean;
}
