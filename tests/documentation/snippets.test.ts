import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileSnippets } from './compile-snippets.js'
import { readSnippets } from './snippets.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

function pages(): string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'README.md'))
  const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name))
  return [join(root, 'README.md'), ...packages, ...guides]
}

describe('code in the documentation', () => {
  test('compiles against the packages', () => {
    const snippets = new Map(
      pages().map((path) => [relative(root, path), readSnippets(readFileSync(path, 'utf8'))] as const),
    )
    expect(compileSnippets(root, snippets)).toEqual([])
  }, 300_000)

  test('is found by its fence, with its line', () => {
    const page = 'Text\n\n```ts file=acme.ts\nconst a = 1\n```\n\n```sh\nls\n```\n\n```ts\nlet b\n```\n'
    expect(readSnippets(page)).toEqual([
      { fileName: 'acme.ts', line: 4, code: 'const a = 1' },
      { fileName: 'line-12.ts', line: 12, code: 'let b' },
    ])
  })

  test('that does not compile is reported with page and line', () => {
    const pages = new Map([['GUIDE.md', readSnippets('# Title\n\n```ts\nconst size: number = "x"\nvoid size\n```\n')]])
    expect(compileSnippets(root, pages)).toEqual([`GUIDE.md:4: Type 'string' is not assignable to type 'number'.`])
  }, 300_000)
})
