import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

function pages(): string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  )
  return ['README.md', 'CONTRIBUTING.md', ...packages, ...docs.map((name) => `docs/${name}`)].map((name) =>
    join(root, name),
  )
}

/** The anchors of a page, as GitHub makes them of headings, and those that it sets itself. */
function anchors(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)])
}

test('every link within the repository leads to a file, and to a heading of it', () => {
  const dead = pages().flatMap((page) => {
    const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link)
    return links.filter((link) => leadsNowhere(page, link)).map((link) => `${relative(root, page)}: ${link}`)
  })
  expect(dead).toEqual([])
})

function leadsNowhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : resolve(dirname(page), path)
  if (!existsSync(target)) return true
  return anchor !== undefined && (!statSync(target).isFile() || !anchors(target).has(anchor))
}
