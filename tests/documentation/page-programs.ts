import { readFences } from './fences.js'

/** A named block of a page, as a file that others can import. */
export interface PageProgram {
  /** The name after `file=`. */
  readonly fileName: string
  /** First line of the code in the page, from 1. */
  readonly line: number
  readonly code: string
  /** What it prints, when a `text` block follows. A file without one is not started by itself. */
  readonly output?: string
}

/** A named `json` block of a page, as a file that programs read. */
export interface PageData {
  /** The name after `file=`, with folders. */
  readonly fileName: string
  readonly text: string
}

const named = /^ts file=(?<file>[\w.-]+)$/
const namedData = /^json file=(?<file>[\w./-]+)$/

/** The named blocks of a page, each with the `text` block that is the next block after it. */
export function readPrograms(page: string): PageProgram[] {
  const fences = readFences(page)
  return fences.flatMap(({ info, line, text }, index) => {
    const fileName = named.exec(info)?.groups?.['file']
    if (fileName === undefined) return []
    const next = fences[index + 1]
    return [{ fileName, line, code: text, ...(next?.info === 'text' ? { output: next.text } : {}) }]
  })
}

/** The named `json` blocks of a page. */
export function readData(page: string): PageData[] {
  return readFences(page).flatMap(({ info, text }) => {
    const fileName = namedData.exec(info)?.groups?.['file']
    return fileName === undefined ? [] : [{ fileName, text }]
  })
}

/** True for a file that is started: one whose output the page shows, and tests. */
export function isStarted({ fileName, output }: PageProgram): boolean {
  return output !== undefined || isTestProgram(fileName)
}

/** True for a file that Node's test runner runs. */
export function isTestProgram(fileName: string): boolean {
  return fileName.endsWith('.test.ts')
}
