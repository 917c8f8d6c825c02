/** What a tree holds. */
export interface TreeSize {
  readonly bytes: number
  readonly files: number
}

/** One thing of a tree, for its size. */
export interface SizedEntry {
  readonly type: string
  /** Bytes of a file. */
  readonly sizeBytes?: number
}

// A larger tree is copied without a total: looking at it first would keep the copy waiting.
const MAX_ENTRIES = 20_000

/** Adds up the files of a tree; undefined for more than 20,000 entries, and when it cannot be read to its end. */
export async function measureTree(entries: AsyncIterable<SizedEntry>): Promise<TreeSize | undefined> {
  let [bytes, files, seen] = [0, 0, 0]
  try {
    for await (const { type, sizeBytes = 0 } of entries) {
      seen += 1
      if (seen > MAX_ENTRIES) return undefined
      if (type !== 'file') continue
      bytes += sizeBytes
      files += 1
    }
  } catch {
    // The copy comes upon the same thing, and says what it is.
    return undefined
  }
  return { bytes, files }
}
