import { readFences } from './fences.js'

/** A fenced TypeScript block of a Markdown page. */
export interface Snippet {
  /** Name for the compiler: the one after `file=` in the fence's info string, else one made from the page's line. */
  readonly fileName: string
  /** First line of the code in the page, from 1. */
  readonly line: number
  readonly code: string
}

const typeScript = /^ts(?: file=(?<file>[\w.-]+))?$/

/** All fenced `ts` blocks of a page. A block with `file=NAME` can be imported by the other blocks of the page. */
export function readSnippets(page: string): Snippet[] {
  return readFences(page).flatMap(({ info, line, text }) => {
    const opening = typeScript.exec(info)
    return opening === null ? [] : [{ fileName: opening.groups?.['file'] ?? `line-${line}.ts`, line, code: text }]
  })
}
