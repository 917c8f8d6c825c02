/** How much of the limits a block has used so far. Bytes are counted generously, so that they are never too few. */
export interface Budget {
  bytes: number
  keys: number
  /** True when a text needs a closer look, because it may be a secret. */
  suspicious: boolean
}

/** What a member costs besides its text: tags, lengths and a number. */
export const memberBytes = 24
/** The most that one UTF-16 unit takes in UTF-8. */
export const unitBytes = 3

/** A budget of which nothing is used. */
export function newBudget(): Budget {
  return { bytes: 0, keys: 0, suspicious: false }
}
