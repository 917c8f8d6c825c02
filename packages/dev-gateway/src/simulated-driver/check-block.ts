import { create, toBinary, toJson } from '@bufbuild/protobuf'
import { anyPack, StructSchema } from '@bufbuild/protobuf/wkt'
import { Metadata, status } from '@grpc/grpc-js'
import type { DriverConfig, ErrorReport } from '@openshell-ts/driver-config'
import { type DriverSandbox, DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { structAt } from '@openshell-ts/protocol/grpc'
import { BadRequestSchema, ErrorInfoSchema, HelpSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { StatusError } from '../errors/status-error.js'

/**
 * Refuses a sandbox whose block its config refuses, with all problems in the text and in the details, as drivers do it.
 *
 * @throws StatusError with the code that the problems mean.
 */
export async function checkBlock(config: DriverConfig<unknown>, sandbox: DriverSandbox): Promise<void> {
  const template = sandbox.spec?.template
  const result = config.safeParse(readBlock(sandbox), {
    request: { image: template?.image ?? '', environmentNames: Object.keys(template?.environment ?? {}) },
  })
  if (result.ok) return
  // The package needs TypeBox, which only those have who declare a config.
  const { toErrorReport } = await import('@openshell-ts/driver-config')
  const { driverName: name, domain, versions } = config
  throw toStatusError(toErrorReport(result.issues, { name, version: 'simulated', domain, versions }, 'validate'))
}

// The block is read from the message's bytes, where a member without a value is still told from a null.
function readBlock(sandbox: DriverSandbox): unknown {
  const block = structAt(toBinary(DriverSandboxSchema, sandbox), [4, 6, 12])
  if (!block) return undefined
  try {
    return toJson(StructSchema, block)
  } catch {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      'driver_config holds a member without a value; give it one, or leave it out.',
    )
  }
}

function toStatusError({ status: name, message, violations, info, help }: ErrorReport): StatusError {
  const code = status[name]
  if (!info) return new StatusError(code, message)
  const details = [
    anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [...violations] })),
    anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { ...info, metadata: { ...info.metadata } })),
    ...(help ? [anyPack(HelpSchema, create(HelpSchema, { links: [help] }))] : []),
  ]
  const metadata = new Metadata()
  // Clients drop the details unless code and message equal those of the call.
  const encoded = toBinary(StatusSchema, create(StatusSchema, { code, message, details }))
  metadata.set('grpc-status-details-bin', Buffer.from(encoded))
  return new StatusError(code, message, metadata)
}
