/** A fenced TypeScript block of a Markdown page. */
export interface Snippet {
  /** Name for the compiler: the one after `file=` in the fence's info string, else one made from the page's line. */
  readonly fileName: string
  /** First line of the code in the page, from 1. */
  readonly line: number
  readonly code: string
}

const fence = /^```ts(?: file=(?<file>[\w.-]+))?$/

/** All fenced `ts` blocks of a page. A block with `file=NAME` can be imported by the other blocks of the page. */
export function readSnippets(page: string): Snippet[] {
  const snippets: Snippet[] = []
  const lines = page.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const opening = fence.exec(lines[index] ?? '')
    if (opening === null) continue
    const end = lines.indexOf('```', index + 1)
    if (end === -1) throw new Error(`The block that opens in line ${index + 1} is never closed.`)
    const code = lines.slice(index + 1, end).join('\n')
    snippets.push({ fileName: opening.groups?.['file'] ?? `line-${index + 2}.ts`, line: index + 2, code })
    index = end
  }
  return snippets
}
