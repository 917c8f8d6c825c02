import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { ruleProblems } from '../../test/rule-problems.js'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import type { ConfigRule } from './rules.js'
import {
  exclusive,
  implies,
  lengthEquals,
  noPathOverlap,
  onlyWith,
  readOnlyDominates,
  refers,
  requires,
  unique,
} from './standard-rules.js'

const optional = Type.Optional

describe('a standard rule', () => {
  test('unique compares after normalising', () => {
    const rules = [unique('mounts[]', 'target', { normalise: (path) => path.replace(/\/$/, '') })]
    const block = {
      mounts: [
        { volume: 'x', target: '/a' },
        { volume: 'x', target: '/a/' },
        { volume: 'x', target: '/b' },
      ],
    }
    expect(ruleProblems(rules, block)).toEqual([
      'ITEMS_NOT_UNIQUE driver_config.mounts[1].target: repeats the target of item 0',
    ])
  })

  test('unique tells numbers from texts', () => {
    const item = Type.Object({ id: Type.Union([Type.Integer(), Type.String()]) })
    const build = (rules: ConfigRule<unknown>[]) =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ list: optional(Type.Array(item)) }), emptyExamples)
        .build({ rules })
    const verdicts = [
      [1, '1'],
      [1, 1],
      ['1', '1'],
      ['', 'null'],
    ].map((ids) => build([unique('list[]', 'id')]).check({ list: ids.map((id) => ({ id })) }).ok)
    expect(verdicts).toEqual([true, false, false, true])
  })

  test('implies wants one value of a field for one of another, written out', () => {
    const rules = [implies({ field: 'a', is: 'x' }, { field: 'b', is: 'y' })]
    const problem = 'FIELD_NEEDS_OTHER driver_config.a: needs "b" to be "y"'
    expect(ruleProblems(rules, { a: 'x', b: 'z' })).toEqual([problem])
    expect(ruleProblems(rules, { a: 'x' })).toEqual([problem])
    expect(ruleProblems(rules, { a: 'x', b: 'y' })).toEqual([])
    expect(ruleProblems(rules, { a: 'other' })).toEqual([])
    const apart = [implies({ field: 'mounts[].read_only', is: true }, { field: 'a', is: 'x' })]
    const block = { mounts: [{ volume: 'v', read_only: true }] }
    expect(ruleProblems(apart, block)).toEqual([
      'FIELD_NEEDS_OTHER driver_config.mounts[0].read_only: needs "a" to be "x"',
    ])
    expect(ruleProblems(apart, { ...block, a: 'x' })).toEqual([])
  })

  test('refers finds names that are not declared', () => {
    const block = { volumes: [{ name: 'x' }], mounts: [{ volume: 'x' }, { volume: 'y' }] }
    expect(ruleProblems([refers('mounts[].volume', 'volumes[].name')], block)).toEqual([
      'REFERENCE_UNKNOWN driver_config.mounts[1].volume: names nothing that volumes[].name declares',
    ])
  })

  test('exclusive and requires judge pairs', () => {
    expect(ruleProblems([exclusive('a', 'b')], { a: '1', b: '2' })).toEqual([
      'FIELDS_CONFLICT driver_config.b: cannot be used together with "a"',
    ])
    expect(ruleProblems([exclusive('a', 'b')], { a: '1' })).toEqual([])
    expect(ruleProblems([requires('b', 'a')], { b: '2' })).toEqual([
      'FIELD_NEEDS_OTHER driver_config.b: needs "a" beside it',
    ])
    expect(ruleProblems([requires('b', 'a')], { a: '1' })).toEqual([])
  })

  test('requires judges each item by itself', () => {
    const block = {
      mounts: [
        { volume: 'x', target: '/a' },
        { volume: 'y', read_only: true },
      ],
    }
    expect(ruleProblems([requires('mounts[].read_only', 'mounts[].target')], block)).toEqual([
      'FIELD_NEEDS_OTHER driver_config.mounts[1].read_only: needs "target" beside it',
    ])
  })

  test('exclusive and requires judge fields at different levels, within one item', () => {
    const part = Type.Object({
      x: optional(Type.String()),
      deep: optional(Type.Object({ y: optional(Type.String()) })),
    })
    const levels = Type.Object({
      top: optional(Type.String()),
      part: optional(part),
      parts: optional(Type.Array(part)),
    })
    const found = (judged: ConfigRule<unknown>, block: object) => {
      const result = defineDriverConfig('acme')
        .version(1, levels, emptyExamples)
        .build({ rules: [judged] })
        .safeParse(block)
      return result.ok ? [] : result.issues.map((issue) => issue.message)
    }
    const needs = requires('part.x', 'top')
    expect(found(needs, { part: { x: '1' } })).toEqual(['driver_config.part.x: needs "top"'])
    expect(found(needs, { part: { x: '1' }, top: '2' })).toEqual([])
    expect(found(exclusive('part.deep.y', 'part.x'), { part: { x: '1', deep: { y: '2' } } })).toEqual([
      'driver_config.part.x: cannot be used together with "part.deep.y"',
    ])
    const inItems = { parts: [{ x: '1' }, { x: '1', deep: { y: '2' } }] }
    expect(found(requires('parts[].x', 'parts[].deep.y'), inItems)).toEqual([
      'driver_config.parts[0].x: needs "parts[].deep.y"',
    ])
  })

  test('lengthEquals and onlyWith look at the request', () => {
    const rules = [lengthEquals('devices', 'gpu.count'), onlyWith('devices', 'gpu')]
    const block = { devices: ['0', '1'] }
    expect(ruleProblems(rules, block, { request: { gpu: { count: 2 } } })).toEqual([])
    expect(ruleProblems(rules, block, { request: { gpu: { count: 1 } } })).toEqual([
      'CONFLICTS_WITH_REQUEST driver_config.devices: has 2 items, but the request asks for 1 (gpu.count)',
    ])
    expect(ruleProblems(rules, block, { request: {} })).toEqual([
      'CONFLICTS_WITH_REQUEST driver_config.devices: is used only when the request has gpu',
    ])
  })

  test('readOnlyDominates refuses a writable use of a read-only source', () => {
    const rules = [readOnlyDominates('volumes[]', 'mounts[]', { parentKey: 'name', childKey: 'volume' })]
    const block = {
      volumes: [{ name: 'x', read_only: true }],
      mounts: [{ volume: 'x', read_only: false }, { volume: 'x' }],
    }
    expect(ruleProblems(rules, block)).toEqual([
      'FIELDS_CONFLICT driver_config.mounts[0].read_only: cannot be writable, its source is read-only',
    ])
  })

  test('noPathOverlap looks both ways, by whole segments', () => {
    const rules = [noPathOverlap('mounts[].target', ['/etc/openshell'], 'both-ways')]
    const at = (target: string) => ruleProblems(rules, { mounts: [{ volume: 'x', target }] })
    for (const target of ['/etc', '/etc/', '/etc/openshell', '/etc/openshell/x', '/'])
      expect(at(target)).toHaveLength(1)
    for (const target of ['/etc/openshell-tls', '/etcetera', '/opt']) expect(at(target)).toEqual([])
  })
})
