/** A fenced block of a Markdown page. */
export interface Fence {
  /** What stands after the opening back-ticks: `ts file=acme.ts`. */
  readonly info: string
  /** First line of the text in the page, from 1. */
  readonly line: number
  readonly text: string
}

/** All fenced blocks of a page, in order. */
export function readFences(page: string): Fence[] {
  const fences: Fence[] = []
  const lines = page.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^```(?<info>\S.*)?$/.exec(lines[index] ?? '')
    if (opening === null) continue
    const end = lines.indexOf('```', index + 1)
    if (end === -1) throw new Error(`The block that opens in line ${index + 1} is never closed.`)
    fences.push({ info: opening.groups?.['info'] ?? '', line: index + 2, text: lines.slice(index + 1, end).join('\n') })
    index = end
  }
  return fences
}
