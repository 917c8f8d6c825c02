import type { TemplateProblem } from './template-problem.js'

/** Place in a file: line and column from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A value of a document with its place, whatever it was written in. */
export type SourceNode = { readonly at: Position } & (
  | { readonly type: 'scalar'; readonly value: string | number | boolean | null }
  | { readonly type: 'list'; readonly items: readonly SourceNode[] }
  | { readonly type: 'map'; readonly entries: readonly SourceEntry[] }
)

/** One key of a map with its value. */
export interface SourceEntry {
  readonly key: string
  readonly keyAt: Position
  readonly value: SourceNode
}

/** What reading a text gives: the document, or why it cannot be read. */
export interface SourceDocument {
  /** Absent when the text is empty or cannot be read. */
  readonly root?: SourceNode
  readonly problems: readonly TemplateProblem[]
}

/** How deep values may lie in one another; the gateway takes far less. */
export const MAX_DEPTH = 64

/** How many values a document may hold, with every alias counted as what it stands for. */
export const MAX_VALUES = 50_000
