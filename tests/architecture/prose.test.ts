import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageNames, readSourceFiles, repositoryRoot, type SourceFile } from './source-files.js'

const packageFolders = packageNames().map((name) => `packages/${name}`)

/** The Markdown files directly in some folders of the root. */
function readDocuments(folders: readonly string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(repositoryRoot, folder)))
    .flatMap((folder) => readdirSync(join(repositoryRoot, folder)).map((name) => posix.join(folder, name)))
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }))
}

function brokenLinks(documents: readonly SourceFile[], exists: (path: string) => boolean): string[] {
  return documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const target = link.replace(/#.*$/, '')
      if (target === '' || /^[a-z]+:/.test(target)) return []
      return exists(posix.join(posix.dirname(path), target)) ? [] : [`${path}: ${link} leads nowhere.`]
    }),
  )
}

function unfinishedMarks(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        /(\/\/|\*|#).*\b(TODO|FIXME|XXX)\b/.test(line) ? [`${path}:${index + 1}: finish it, or leave it out.`] : [],
      ),
  )
}

test('links between documents lead somewhere', () => {
  const documents = readDocuments([
    '.',
    'docs',
    'docs/guides',
    'docs/reference',
    'docs/decisions',
    'bench',
    'tests',
    ...packageFolders,
  ])
  expect(brokenLinks(documents, (path) => existsSync(join(repositoryRoot, path)))).toEqual([])
})

test('comments leave nothing to be done', () => {
  const files = readSourceFiles(...packageFolders, 'tools', 'tests', 'bench')
  expect(unfinishedMarks(files.filter(({ path }) => path !== 'tests/architecture/prose.test.ts'))).toEqual([])
})

describe('the rules', () => {
  test('find a link that leads nowhere', () => {
    const text = '[a](b.md) [c](../d.md#part) [e](https://example.com) [f](#here) [g](gone.md)'
    const existing = new Set(['docs/b.md', 'd.md'])
    expect(brokenLinks([{ path: 'docs/x.md', text }], (path) => existing.has(path))).toEqual([
      'docs/x.md: gone.md leads nowhere.',
    ])
  })

  test('find a mark in a comment, not in a text', () => {
    const text = `const text = 'TODO'\n// TODO later\n/** FIXME */\n// todo list of the user`
    expect(unfinishedMarks([{ path: 'x.ts', text }])).toEqual([
      'x.ts:2: finish it, or leave it out.',
      'x.ts:3: finish it, or leave it out.',
    ])
  })
})
