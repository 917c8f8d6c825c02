import type { DescFile } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import * as compute from '../src/compute.js'
import * as extensions from '../src/extensions.js'
import * as line00 from '../src/v0-0.js'
import * as line01 from '../src/v0-1.js'
import { compareWirePackages } from './compare-wire-packages.js'
import { describeFile, type WireOptions } from './describe-file.js'
import { computeRenames, computeSecrets, expectedCompute, expectedLine00, expectedLine01 } from './expected-wires.js'
import { packageOf, readWireTables, type WirePackage } from './wire-table.js'

const options00: WireOptions = line00
const options01: WireOptions = line01

/** What the subpaths export, described package by package. */
function generated(options: WireOptions, ...subpaths: readonly object[]): Map<string, WirePackage> {
  const files = subpaths.flatMap((subpath) => Object.values(subpath)).filter(isFile)
  return new Map(files.map((file) => [file.proto.package, describeFile(file, options)]))
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file'
}

describe.each([
  ['line 0.0', expectedLine00(), generated(options00, line00, extensions)],
  ['line 0.1', expectedLine01(), generated(options01, line01)],
  ['the compute contract', expectedCompute(), generated(options01, compute)],
])('%s', (_wire, expected, actual) => {
  test('exports the packages of the tables and no other', () => {
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort())
  })

  test.each([...expected.keys()])('%s is generated exactly as the table says', (name) => {
    expect(compareWirePackages(packageOf(expected, name), packageOf(actual, name))).toEqual([])
  })
})

test('every rename of the compute contract is a field of line 0.0 and of line 0.1 at one number', () => {
  const name = 'openshell.compute.v1'
  const before = fieldNumbers(packageOf(readWireTables('openshell-0.0.111.json'), name))
  const after = fieldNumbers(packageOf(readWireTables('compute-0.1.2.json'), name))
  for (const [path, renamed] of computeRenames) {
    const newPath = `${path.slice(0, path.lastIndexOf('.'))}.${renamed}`
    expect(before.get(path), path).toBeDefined()
    expect(after.get(newPath), newPath).toBe(before.get(path))
  }
})

test('every secret of the compute contract is one of its fields', () => {
  const paths = fieldNumbers(packageOf(expectedCompute(), 'openshell.compute.v1'))
  expect([...computeSecrets].filter((path) => !paths.has(path))).toEqual([])
})

function fieldNumbers(table: WirePackage): Map<string, number> {
  return new Map(
    Object.entries(table.messages).flatMap(([name, { fields }]) =>
      fields.map((field) => [`${name}.${field.name}`, field.number] as const),
    ),
  )
}
