import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isStarted, readData, readPrograms } from './page-programs.js'
import { runPrograms } from './run-programs.js'
import { readSnippets } from './snippets.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guides = readdirSync(join(root, 'docs/guides')).filter((name) => name.endsWith('.md'))
const read = (name: string): string => readFileSync(join(root, 'docs/guides', name), 'utf8')

test.concurrent.each(guides)(
  'the programs of %s print what the page says',
  async (name) => {
    expect(await runPrograms(root, readPrograms(read(name)), readData(read(name)))).toEqual([])
  },
  300_000,
)

test.each(guides)('%s installs every package that its code imports', (name) => {
  const page = read(name)
  const installed = new Set([...page.matchAll(/^npm install (.*)$/gm)].flatMap(([, words = '']) => words.split(' ')))
  const imports = readSnippets(page).flatMap(({ code }) => [...code.matchAll(/ from '([^.'][^']*)'/g)])
  const packages = imports.map(([, source = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? source)
  expect(packages.filter((each) => !each.startsWith('node:') && !installed.has(each))).toEqual([])
})

test('every block of the guide to configs runs', () => {
  const page = read('declaring-a-driver-config.md')
  const programs = readPrograms(page)
  expect(readSnippets(page).map(({ line }) => line)).toEqual(programs.map(({ line }) => line))
  const imported = (name: string) =>
    programs.some(({ code }) => code.includes(`from './${name.replace('.ts', '.js')}'`))
  expect(programs.filter((program) => !isStarted(program) && !imported(program.fileName))).toEqual([])
})

describe('the mechanism', () => {
  const page = (...blocks: readonly string[]): string =>
    blocks.map((block) => `\`\`\`${block}\n\`\`\`\n\nWords.\n`).join('\n')
  const runPage = (...blocks: readonly string[]) => runPrograms(root, readPrograms(page(...blocks)))

  test('takes named blocks, each with the output that follows', () => {
    const programs = readPrograms(
      page('ts file=a.ts\nexport {}', 'text\none\ntwo', 'ts\nlet b', 'ts file=c.ts\nlet d', 'sh\nls'),
    )
    expect(programs).toEqual([
      { fileName: 'a.ts', line: 2, code: 'export {}', output: 'one\ntwo' },
      { fileName: 'c.ts', line: 21, code: 'let d' },
    ])
  })

  test('runs programs that import each other and a package', async () => {
    const values = 'ts file=values.ts\nexport const size: number = 5'
    const main =
      "ts file=main.ts\nimport { formatIssues } from '@openshell-ts/driver-config'\nimport { size } from './values.js'\nconsole.log(size, formatIssues([]) === '')"
    expect(await runPage(values, main, 'text\n5 true')).toEqual([])
  })

  test('writes named data where programs find it', async () => {
    const data = readData(page('json file=data/v1/a.json\n{ "size": 5 }', 'json\n{}'))
    expect(data).toEqual([{ fileName: 'data/v1/a.json', text: '{ "size": 5 }' }])
    const code = "import { readFileSync } from 'node:fs'\nconsole.log(readFileSync('data/v1/a.json', 'utf8'))"
    const programs = readPrograms(page(`ts file=a.ts\n${code}`, 'text\n{ "size": 5 }'))
    expect(await runPrograms(root, programs, data)).toEqual([])
  })

  test('reports another output and failures, with the line', async () => {
    expect(await runPage('ts file=a.ts\nconsole.log(1)', 'text\n2')).toEqual([{ line: 2, expected: '2', printed: '1' }])
    const [failure] = await runPage("ts file=b.ts\nthrow new Error('broken')", 'text\n1')
    expect(failure?.printed).toMatch(/^failed: [\s\S]*Error: broken/)
  })

  test('starts no file whose output the page does not show', async () => {
    expect(
      await runPage("ts file=a.ts\nthrow new Error('started')", 'ts file=b.ts\nconsole.log(1)', 'text\n1'),
    ).toEqual([])
  })

  test('takes the verdict of tests and leaves their report alone', async () => {
    const body = (verdict: string): string =>
      `ts file=x.test.ts\nimport { test } from 'node:test'\ntest('x', () => {${verdict}})`
    expect(await runPage(body(''))).toEqual([])
    expect(await runPage(body("throw new Error('wrong')"))).toEqual([expect.objectContaining({ line: 2 })])
  })
})
