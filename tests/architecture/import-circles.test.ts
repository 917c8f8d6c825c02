import { describe, expect, test } from 'vitest'
import { fileCircles, folderCircles } from './import-circles.js'
import { isTestFile, packageNames, readSourceFiles, type SourceFile } from './source-files.js'

const sourcesOf = (name: string) => readSourceFiles(`packages/${name}/src`).filter(({ path }) => !isTestFile(path))

describe('imports, those of types included, go round in no circle', () => {
  test.each(packageNames())('in %s', (name) => {
    expect(fileCircles(sourcesOf(name))).toEqual([])
    expect(folderCircles(sourcesOf(name))).toEqual([])
  })
})

describe('the rule', () => {
  const file = (path: string, text: string): SourceFile => ({ path, text })
  const files = [
    file('src/a/one.ts', "import type { Two } from '../b/two.js'"),
    file('src/b/two.ts', "import { three } from './three.js'"),
    file('src/b/three.ts', "export { four } from '../a/four.js'"),
    file('src/a/four.ts', ''),
  ]

  test('sees folders that import each other through different files', () => {
    expect(fileCircles(files)).toEqual([])
    expect(folderCircles(files)).toEqual(['src/a > src/b > src/a'])
  })

  test('sees files of one folder that import types of each other', () => {
    const back = file('src/b/three.ts', "import type { Two } from './two.js'")
    expect(fileCircles([...files.slice(0, 2), back])).toEqual(['src/b/two.ts > src/b/three.ts > src/b/two.ts'])
  })
})
