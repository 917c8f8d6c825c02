/** A place in a text: line and column from 1, in UTF-16 units. */
export interface FilePosition {
  readonly line: number
  readonly column: number
}

/** A change of a document: a member gets a value, or is removed when there is none. */
export interface FileEdit {
  /** Keys and indexes from the root of the document. */
  readonly steps: readonly string[]
  /** The new value; absent to remove the member. */
  readonly value?: unknown
  /** Whether a new member comes before all others of its object. */
  readonly first?: boolean
}

/** A text of JSON, JSON with comments or YAML that could be read. */
export interface ConfigFile {
  /** What the text says, as plain JSON. Untrusted. */
  readonly value: unknown
  /** The place of a member: of its key in an object. A member that is missing has the place of the nearest one around it. */
  locate(steps: readonly string[]): FilePosition
  /** The text with changes, with its comments and its order as far as they touch nothing that changes. */
  edit(edits: readonly FileEdit[]): string
}

/** A text that cannot be read, with the place of the first problem. */
export class UnreadableTextError extends Error {
  override readonly name = 'UnreadableTextError'
  readonly position: FilePosition

  /** The problem as the end of a sentence: `is not YAML: …`. Never a part of the text, which may hold secrets. */
  constructor(problem: string, position: FilePosition) {
    super(problem)
    this.position = position
  }
}

/** How deep values may lie in one another. Drivers take far less, and readers descend with the document. */
export const depthLimit = 64
