import { nodeModule } from './node-module.js'

/** A document of one version in a file, with what it gives in other versions beside it. */
export interface FixtureFile {
  /** Below the folder: `v1/full.json`. */
  readonly name: string
  /** The version whose folder it lies in. */
  readonly version: number
  readonly text: string
  readonly goldens: readonly GoldenFile[]
}

/** What a document gives in one version. */
export interface GoldenFile {
  /** Below the folder: `v1/full.to-v2.json`. */
  readonly name: string
  /** The version that the document was brought to. */
  readonly to: number
  readonly text: string
}

/** What lies in a folder of fixtures. */
export interface FixtureFolder {
  readonly path: string
  readonly fixtures: readonly FixtureFile[]
  /** Files that are neither a document nor the golden result of one: nobody would read them. */
  readonly strays: readonly string[]
}

const versionFolder = /^v(\d+)$/
const goldenFile = /^(?<stem>.+)\.to-v(?<to>\d+)\.json$/

/** Reads `vN/NAME.json` and `vN/NAME.to-vM.json` below a folder. A folder that is not there holds nothing. */
export function readFixtureFolder(fixturesDir: string | { readonly href: string }): FixtureFolder {
  const path = typeof fixturesDir === 'string' ? fixturesDir : nodeModule('node:url').fileURLToPath(fixturesDir.href)
  const { existsSync, readdirSync } = nodeModule('node:fs')
  if (!existsSync(path)) return { path, fixtures: [], strays: [] }
  const fixtures: FixtureFile[] = []
  const strays: string[] = []
  for (const entry of readdirSync(path, { withFileTypes: true }).sort(byName)) {
    const version = versionFolder.exec(entry.name)?.[1]
    if (version === undefined || !entry.isDirectory()) {
      if (entry.isDirectory() || entry.name.endsWith('.json')) strays.push(entry.name)
      continue
    }
    const found = readVersionFolder(path, entry.name, Number(version))
    fixtures.push(...found.fixtures)
    strays.push(...found.strays)
  }
  return { path, fixtures, strays }
}

/** The name of the golden file beside a document. */
export function goldenName(fixture: string, to: number): string {
  return fixture.replace(/\.json$/, `.to-v${to}.json`)
}

/** Adds a golden file; one that is there stays as it is. */
export function writeGolden(folder: string, name: string, text: string): void {
  nodeModule('node:fs').writeFileSync(nodeModule('node:path').join(folder, name), text, { flag: 'wx' })
}

function readVersionFolder(root: string, folder: string, version: number): Omit<FixtureFolder, 'path'> {
  const { join } = nodeModule('node:path')
  const { readdirSync, readFileSync } = nodeModule('node:fs')
  const files = readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.json'))
    .sort()
  const read = (file: string): string => readFileSync(join(root, folder, file), 'utf8')
  const goldens = files.flatMap((file) => {
    const { stem, to } = goldenFile.exec(file)?.groups ?? {}
    return stem === undefined ? [] : [{ stem, file, to: Number(to) }]
  })
  const documents = files.filter((file) => !goldenFile.test(file))
  const fixtures = documents.map((file) => ({
    name: `${folder}/${file}`,
    version,
    text: read(file),
    goldens: goldens
      .filter(({ stem }) => `${stem}.json` === file)
      .map((golden) => ({ name: `${folder}/${golden.file}`, to: golden.to, text: read(golden.file) })),
  }))
  const strays = goldens.filter(({ stem }) => !documents.includes(`${stem}.json`))
  return { fixtures, strays: strays.map(({ file }) => `${folder}/${file}`) }
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1
}
