/** The bounds that every block stays within, whatever its schema says. */
export interface ConfigLimits {
  /** Bytes of the block in the host's protobuf encoding. */
  readonly encodedBytes: number
  /** Levels of nesting; the block itself is level 1. */
  readonly depth: number
  /** Keys of all objects together. */
  readonly keys: number
  /** UTF-16 units of one key. */
  readonly keyLength: number
  /** UTF-16 units of one text. */
  readonly stringLength: number
  /** Items of one list. */
  readonly items: number
}

/** The limits of a driver that sets none. An author may lower them; nothing raises them. */
export const defaultLimits: ConfigLimits = {
  encodedBytes: 65_536,
  depth: 16,
  keys: 4_096,
  keyLength: 128,
  stringLength: 16_384,
  items: 1_024,
}

/** Bytes of JSON of one bag of extensions. */
export const maximumBagBytes = 8_192
