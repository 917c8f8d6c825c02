import { clone } from '@bufbuild/protobuf'
import type { Struct } from '@bufbuild/protobuf/wkt'
import { type SandboxSpec, SandboxSpecSchema, SandboxTemplateSchema } from '@openshell-ts/protocol/v0-0'
import { asUnknownField, encodeStruct } from './raw-struct.js'

const envelopeField = SandboxTemplateSchema.field.driverConfig.number

/** A copy of a spec whose driver_config envelope is carried as bytes, so that no value of it is lost. */
export function withRawEnvelope(spec: SandboxSpec, envelope: Struct | undefined): SandboxSpec {
  const stored = clone(SandboxSpecSchema, spec)
  if (stored.template) {
    delete stored.template.driverConfig
    if (envelope) stored.template.$unknown = [asUnknownField(envelopeField, encodeStruct(envelope))]
  }
  return stored
}
