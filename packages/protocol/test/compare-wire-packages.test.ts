import { clone, create, createFileRegistry, setExtension } from '@bufbuild/protobuf'
import {
  type DescriptorProto,
  DescriptorProto_ReservedRangeSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  MethodOptionsSchema,
} from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import * as compute from '../src/compute.js'
import * as line01 from '../src/v0-1.js'
import { compareWirePackages } from './compare-wire-packages.js'
import { describeFile } from './describe-file.js'
import { mergeWirePackages } from './merge-wire-packages.js'
import type { WirePackage } from './wire-table.js'

const computeFile = compute.file_openshell_compute_v1_compute_driver
const openshellFile = line01.file_openshell_v1_openshell
const sandboxFile = line01.file_openshell_sandbox_v1_sandbox
const optionsFile = line01.file_openshell_options_v1_options

/** The differences between a generated file and the same file after a change. */
function driftOf(file: typeof computeFile, change: (proto: FileDescriptorProto) => void): string[] {
  const proto = clone(FileDescriptorProtoSchema, file.proto)
  change(proto)
  const registry = createFileRegistry(proto, (name) => file.dependencies.find((one) => one.proto.name === name))
  const altered = registry.getFile(file.proto.name)
  if (!altered) throw new Error(`${file.proto.name} was not rebuilt.`)
  return compareWirePackages(describeFile(file, line01), describeFile(altered, line01))
}

function named<T extends { name: string }>(items: T[], name: string): T {
  const found = items.find((item) => item.name === name)
  if (!found) throw new Error(`Nothing is called ${name}.`)
  return found
}

function message(proto: FileDescriptorProto, name: string): DescriptorProto {
  return named(proto.messageType, name)
}

test('an unchanged file has no differences', () => {
  expect(driftOf(computeFile, () => {})).toEqual([])
})

describe('a drift of a field names the field', () => {
  const path = 'openshell.compute.v1.DriverCondition'
  const condition = (proto: FileDescriptorProto) => message(proto, 'DriverCondition')

  test.each<[string, (proto: FileDescriptorProto) => void, string[]]>([
    [
      'another name',
      (proto) => {
        named(condition(proto).field, 'reason').name = 'cause'
      },
      [
        `field ${path} reason = 3: in the table, but not generated.`,
        `field ${path} cause = 3: generated, but not in the table.`,
      ],
    ],
    [
      'another number',
      (proto) => {
        named(condition(proto).field, 'reason').number = 7
      },
      [
        `field ${path} reason = 3: in the table, but not generated.`,
        `field ${path} reason = 7: generated, but not in the table.`,
      ],
    ],
    [
      'another type',
      (proto) => {
        named(condition(proto).field, 'reason').type = FieldDescriptorProto_Type.BYTES
      },
      [
        `field ${path}.reason: the table says {"name":"reason","number":3,"type":"string"}, generated is {"name":"reason","number":3,"type":"bytes"}.`,
      ],
    ],
    [
      'a list where one value belongs',
      (proto) => {
        named(condition(proto).field, 'reason').label = FieldDescriptorProto_Label.REPEATED
      },
      [
        `field ${path}.reason: the table says {"name":"reason","number":3,"type":"string"}, generated is {"name":"reason","number":3,"type":"repeated string"}.`,
      ],
    ],
    [
      'another message type',
      (proto) => {
        named(condition(proto).field, 'transition_time').typeName = '.google.protobuf.Struct'
      },
      [
        `field ${path}.transition_time: the table says {"name":"transition_time","number":105,"type":"google.protobuf.Timestamp"}, generated is {"name":"transition_time","number":105,"type":"google.protobuf.Struct"}.`,
      ],
    ],
    [
      'a reserved number',
      (proto) => {
        condition(proto).reservedRange.push(create(DescriptorProto_ReservedRangeSchema, { start: 8, end: 10 }))
      },
      [`reserved numbers of ${path}: the table says [], generated is [8,9].`],
    ],
    [
      'a removed field',
      (proto) => {
        condition(proto).field.pop()
      },
      [`field ${path} transition_time = 105: in the table, but not generated.`],
    ],
    [
      'a removed message',
      (proto) => {
        proto.messageType = proto.messageType.filter(({ name }) => name !== 'DeleteWorkspaceResponse')
        proto.service[0]?.method.splice(-2, 1)
      },
      [
        'method openshell.compute.v1.ComputeDriver DeleteWorkspace: in the table, but not generated.',
        'message openshell.compute.v1.DeleteWorkspaceResponse: in the table, but not generated.',
      ],
    ],
  ])('%s', (_what, change, differences) => {
    expect(driftOf(computeFile, change)).toEqual(differences)
  })
})

describe('other drifts', () => {
  test('a field outside its oneof', () => {
    const differences = driftOf(computeFile, (proto) => {
      const event = message(proto, 'WatchSandboxesEvent')
      event.oneofDecl = []
      for (const field of event.field) delete (field as { oneofIndex?: number }).oneofIndex
    })
    expect(differences).toHaveLength(3)
    expect(differences[0]).toContain('field openshell.compute.v1.WatchSandboxesEvent.sandbox: the table says')
  })

  test('explicit presence that is gone', () => {
    const differences = driftOf(computeFile, (proto) => {
      const gpu = message(proto, 'GpuResourceRequirements')
      gpu.oneofDecl = []
      for (const field of gpu.field) {
        field.proto3Optional = false
        delete (field as { oneofIndex?: number }).oneofIndex
      }
    })
    expect(differences.join()).toContain('"optional uint32"')
  })

  test('a map with other values', () => {
    const differences = driftOf(computeFile, (proto) => {
      const entry = named(message(proto, 'DriverSandboxSpec').nestedType, 'EnvironmentEntry')
      named(entry.field, 'value').type = FieldDescriptorProto_Type.INT64
    })
    expect(differences.join()).toContain('"map<string, int64>"')
  })

  test('a deprecated field', () => {
    const differences = driftOf(sandboxFile, (proto) => {
      const binary = message(proto, 'NetworkBinary')
      named(binary.field, 'path').options = create(FieldOptionsSchema, { deprecated: true })
    })
    expect(differences).toEqual([expect.stringContaining('field openshell.sandbox.v1.NetworkBinary.path: ')])
  })

  test('a secret that lost its mark', () => {
    const differences = driftOf(computeFile, (proto) => {
      const token = named(message(proto, 'DriverSandboxSpec').field, 'sandbox_token')
      token.options = create(FieldOptionsSchema)
    })
    expect(differences).toEqual([
      expect.stringContaining('field openshell.compute.v1.DriverSandboxSpec.sandbox_token: '),
    ])
  })

  test.each(['authMode', 'workspaceRole', 'globalRole', 'scope'] as const)('another %s of a method', (member) => {
    const differences = driftOf(openshellFile, (proto) => {
      const method = named(proto.service[0]?.method ?? [], 'GetGatewayInfo')
      method.options = create(MethodOptionsSchema)
      const rule = { authMode: 'bearer', workspaceRole: '', globalRole: 'platform_admin', scope: 'config:read' }
      setExtension(
        method.options,
        line01.authorization,
        create(line01.AuthorizationRuleSchema, { ...rule, [member]: 'x' }),
      )
    })
    expect(differences).toEqual([expect.stringContaining('method openshell.v1.OpenShell GetGatewayInfo: ')])
  })

  test('another kind, request or answer of a method', () => {
    const differences = driftOf(computeFile, (proto) => {
      const methods = proto.service[0]?.method ?? []
      named(methods, 'WatchSandboxes').serverStreaming = false
      named(methods, 'GetSandbox').inputType = '.openshell.compute.v1.StopSandboxRequest'
      named(methods, 'StopSandbox').outputType = '.openshell.compute.v1.GetSandboxResponse'
    })
    expect(differences.map((difference) => difference.split(':')[0])).toEqual([
      'method openshell.compute.v1.ComputeDriver GetSandbox',
      'method openshell.compute.v1.ComputeDriver StopSandbox',
      'method openshell.compute.v1.ComputeDriver WatchSandboxes',
    ])
  })

  test('another number of an enum value', () => {
    const differences = driftOf(openshellFile, (proto) => {
      const phase = named(proto.enumType, 'SandboxPhase')
      named(phase.value, 'SANDBOX_PHASE_COMPLETED').number = 12
    })
    expect(differences).toEqual([
      'value openshell.v1.SandboxPhase SANDBOX_PHASE_COMPLETED: the table says 9, generated is 12.',
    ])
  })

  test('another number of an extension', () => {
    const differences = driftOf(optionsFile, (proto) => {
      named(proto.extension, 'secret').number = 50002
    })
    expect(differences).toEqual([expect.stringContaining('extension secret: the table says ')])
  })
})

describe('merging two tables', () => {
  const table = (type: string, number: number, reserved: number[] = []): WirePackage => ({
    package: 'p',
    services: {},
    messages: { 'p.M': { fields: [{ name: 'a', number, type }], reserved } },
    enums: {},
  })

  test('keeps what either declares and drops reservations of used numbers', () => {
    const merged = mergeWirePackages(table('string', 1, [2, 9]), {
      ...table('bool', 2, [1]),
      enums: { 'p.E': { ZERO: 0 } },
    })
    expect(merged.messages['p.M']).toEqual({
      fields: [
        { name: 'a', number: 1, type: 'string' },
        { name: 'a', number: 2, type: 'bool' },
      ],
      reserved: [9],
    })
    expect(merged.enums).toEqual({ 'p.E': { ZERO: 0 } })
  })

  test('refuses tables that disagree', () => {
    expect(() => mergeWirePackages(table('string', 1), table('bytes', 1))).toThrow(
      'The tables disagree about p.M.a type: string and bytes.',
    )
  })
})
