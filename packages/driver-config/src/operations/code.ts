import type { Note } from '../check/lineage.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { Replacements } from '../issue/version-hints.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import type { BoundOperation, Operation } from './operation.js'

/** A step of a migration as code: gets a frozen document and returns another one. */
export type CodeStep = (document: JsonObject, note: Note) => JsonObject

/** Options of `code`. */
export interface CodeOptions {
  /** Name of the step, for documents that tools read. @default 'code' */
  readonly name?: string
  /** Fields of the older version and what replaces them: feeds the hints in reports. */
  readonly replaces?: Replacements
  /** The way back; without it the migration goes one way only. */
  readonly down?: CodeStep
}

/** A step that no operation expresses. Tools in other languages cannot run it, and the schema after it is not known. */
export function code(step: CodeStep, { name = 'code', replaces = {}, down }: CodeOptions = {}): Operation {
  return {
    data: { op: 'code', name, opaque: true, replaces: { ...replaces } },
    bind: (): BoundOperation => ({
      node: undefined,
      up: (draft, note) => structuredClone(step(deepFreeze(draft), note)),
      ...(down === undefined ? {} : { down: (draft, note) => structuredClone(down(deepFreeze(draft), note)) }),
      replaces,
    }),
  }
}
