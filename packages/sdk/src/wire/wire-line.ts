/** The wire lines that this release speaks. */
export type WireLine = '0.0' | '0.1'
