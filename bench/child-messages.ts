/** What a benchmark asks a server in another process. */
export type Question =
  /** How much processor time it has used so far. */
  | { readonly ask: 'processor' }
  /** How much memory it has. */
  | { readonly ask: 'memory' }
  /** To change the states of its sandboxes: so many changes in all, at so many a second. */
  | { readonly ask: 'changes'; readonly changes: number; readonly perSecond: number }

/** What the server answers; `serving` comes by itself. */
export type Answer =
  | {
      readonly answer: 'serving'
      /** The TCP port, or 0. */
      readonly port: number
    }
  | { readonly answer: 'processor'; readonly cpuMs: number }
  | {
      readonly answer: 'memory'
      /** Resident memory now. */
      readonly rssBytes: number
      /** The most resident memory that it ever had. */
      readonly peakRssBytes: number
    }
  | {
      readonly answer: 'changes'
      /** How long it took to make all changes. */
      readonly tookMs: number
    }
