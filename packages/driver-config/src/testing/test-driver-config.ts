import type { DriverConfig } from '../define/driver-config.js'
import { lineageOf } from '../define/lineage-of.js'
import type { JsonObject } from '../envelope/json-value.js'
import { type ConfigProperty, configProperties } from './config-property.js'
import { describeCounterexample } from './counterexample.js'
import { type FindCounterexamplesOptions, findCounterexamples } from './find-counterexamples.js'
import { readFixtureFolder } from './fixture-folder.js'
import { fixtureSamples, judgeFixtureFile, writeVariable } from './judge-fixture-file.js'
import { readVariable } from './node-module.js'
import { loadTypeBoxCompiler } from './schema-compiler.js'
import type { Subject } from './subject.js'
import { findTestFunction, type TestFunction } from './test-function.js'

/** Options of `testDriverConfig`. */
export interface TestDriverConfigOptions
  extends Pick<FindCounterexamplesOptions, 'runs' | 'seed' | 'fixtures' | 'property' | 'version' | 'compileSchema'> {
  /** The `test` function of the runner. @default the global one, or that of `node --test` */
  readonly test?: TestFunction
  /**
   * Folder of fixtures: `v1/NAME.json` is a document of version 1, `v1/NAME.to-v2.json` what it gives in version 2. Every
   * version needs a document, and every document the golden file of the current version. Files are added, never edited.
   */
  readonly fixturesDir?: string | { readonly href: string }
}

/**
 * Registers tests that hold a config to what it promises: one for each promise, searched in generated documents of every
 * version, and one for each fixture. A failure shows the seed, the shrunk document and a line that finds it again.
 *
 * The environment may say `OPENSHELL_TEST_SEED` and `OPENSHELL_TEST_RUNS`, which come before `seed` and `runs`, and
 * `OPENSHELL_TEST_WRITE=1`, which adds golden files that are missing and changes none. The published schemas are compiled with
 * TypeBox 1.x, or by `compileSchema`; without either that test is skipped.
 *
 * @throws TypeError when there is no `test` function, or when a variable is not a whole number.
 */
export function testDriverConfig(config: DriverConfig<unknown>, options: TestDriverConfigOptions = {}): void {
  const { test = findTestFunction(), fixturesDir, ...search } = options
  const register: TestFunction = (name, run) => test(`config of ${config.driverName}: ${name}`, run)
  const samples = fixturesDir === undefined ? [] : testFixtures(config, fixturesDir, register)
  const settings: FindCounterexamplesOptions = {
    ...search,
    ...readNumber('OPENSHELL_TEST_SEED', 'seed'),
    ...readNumber('OPENSHELL_TEST_RUNS', 'runs'),
    fixtures: [...(search.fixtures ?? []), ...samples],
  }
  const hasResults = (search.fixtures ?? []).some(({ gives }) => gives !== undefined)
  const properties = configProperties
    .filter((property) => [property, undefined].includes(search.property))
    .filter((property) => property !== 'a fixture still gives what it gave' || hasResults)
  for (const property of properties) registerProperty(config, property, settings, register)
}

function registerProperty(
  config: DriverConfig<unknown>,
  property: ConfigProperty,
  settings: FindCounterexamplesOptions,
  register: TestFunction,
): void {
  const run = (more: FindCounterexamplesOptions = {}): void => {
    const found = findCounterexamples(config, { ...settings, ...more, property })
    if (found.length > 0) throw new Error(found.map(describeCounterexample).join('\n\n'))
  }
  if (property !== 'the published schema accepts what the driver accepts') register(property, () => run())
  else {
    register(property, async (context) => {
      const compileSchema = settings.compileSchema ?? (await loadTypeBoxCompiler())
      if (compileSchema === undefined) context.skip('Install typebox 1.x, or give compileSchema.')
      else run({ compileSchema })
    })
  }
}

function testFixtures(
  config: DriverConfig<unknown>,
  fixturesDir: string | { readonly href: string },
  register: TestFunction,
): ReturnType<typeof fixtureSamples> {
  const lineage = lineageOf(config)
  if (lineage === undefined) return []
  const subject: Subject = { config: config as DriverConfig<JsonObject>, lineage }
  const folder = readFixtureFolder(fixturesDir)
  const settings = { folder, writes: readVariable(writeVariable) !== undefined }
  for (const version of lineage.versions.keys()) {
    register(`schema_version ${version} has a fixture`, () => {
      if (folder.fixtures.some((fixture) => fixture.version === version)) return
      throw new Error(
        `schema_version ${version} has no fixture. Add a document of it: v${version}/NAME.json in ${folder.path}.`,
      )
    })
  }
  for (const fixture of folder.fixtures) {
    register(`${fixture.name} gives what it gave`, () => fail(judgeFixtureFile(subject, fixture, settings)))
  }
  register('every file among the fixtures has its place', () => {
    const places = 'A document is vN/NAME.json, what it gives in version M is vN/NAME.to-vM.json beside it.'
    fail(folder.strays.map((name) => `${name} belongs to no document. ${places}`))
  })
  return fixtureSamples(folder)
}

function fail(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n\n'))
}

function readNumber(variable: string, name: 'seed' | 'runs'): FindCounterexamplesOptions {
  const text = readVariable(variable)
  if (text === undefined) return {}
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return { [name]: value }
  throw new TypeError(`${variable} must be a whole number from 0. Correct or remove it.`)
}
