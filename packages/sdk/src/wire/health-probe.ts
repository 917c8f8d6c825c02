import { create, createFileRegistry, type DescMethod, type DescMethodUnary } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt'
import type { Transport } from '@connectrpc/connect'
import type { GatewayHealth } from '../model/gateway-info.js'
import { toServiceHealth } from './service-health.js'
import type { WireCall } from './wire-call.js'

/**
 * Asks `Health`, the one call that must be understood before the line is known. Its shape is the same on both lines and is
 * described here, so that asking loads the generated code of neither.
 */
export async function probeHealth(transport: Transport, call: WireCall): Promise<GatewayHealth> {
  const { message } = await transport.unary(healthMethod(), call.signal, call.timeoutMs, call.headers, {})
  const status: unknown = Reflect.get(message, 'status')
  const version: unknown = Reflect.get(message, 'version')
  return {
    status: toServiceHealth(typeof status === 'number' ? status : 0),
    version: typeof version === 'string' ? version : '',
  }
}

function healthMethod(): DescMethodUnary {
  const label = FieldDescriptorProto_Label.OPTIONAL
  const file = create(FileDescriptorProtoSchema, {
    name: 'openshell-health.proto',
    package: 'openshell.v1',
    syntax: 'proto3',
    messageType: [
      { name: 'HealthRequest' },
      {
        name: 'HealthResponse',
        field: [
          // An enum on the wire is an int32, and so a later state arrives as a number.
          { name: 'status', number: 1, type: FieldDescriptorProto_Type.INT32, label },
          { name: 'version', number: 2, type: FieldDescriptorProto_Type.STRING, label },
        ],
      },
    ],
    service: [
      {
        name: 'OpenShell',
        method: [
          { name: 'Health', inputType: '.openshell.v1.HealthRequest', outputType: '.openshell.v1.HealthResponse' },
        ],
      },
    ],
  })
  const service = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService(
    'openshell.v1.OpenShell',
  )
  for (const method of service?.methods ?? []) if (isUnary(method)) return method
  throw new TypeError('The description of Health holds no unary method.')
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary'
}
