import { clone, fromBinary } from '@bufbuild/protobuf'
import type { Struct } from '@bufbuild/protobuf/wkt'
import { type SandboxWorkloadTemplateSpec, SandboxWorkloadTemplateSpecSchema } from '@openshell-ts/protocol/v0-1'
import { messageToText } from '../wire/message-text.js'
import { asUnknownField, encodeStruct, structAt } from '../wire/raw-struct.js'
import type { RecordCodec } from './record-codec.js'
import type { StoredRecord } from './stored-record.js'

/** What sandboxes can be made from. Its record's scope is its workspace. */
export interface WorkloadTemplate {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** The driver_config envelope is carried as an unknown field, so that clients get back the bytes that no decoder has touched. */
  readonly spec: SandboxWorkloadTemplateSpec
  /** The envelope in decoded form; absent when the template has none. */
  readonly driverConfig: Struct | undefined
}

/** A template as it is kept. */
export type WorkloadTemplateRecord = StoredRecord<WorkloadTemplate>

const envelopeField = SandboxWorkloadTemplateSpecSchema.field.driverConfig.number

/** A copy of a spec whose driver_config envelope is carried as bytes, so that no value of it is lost. */
export function withEnvelopeBytes(
  spec: SandboxWorkloadTemplateSpec,
  envelope: Struct | undefined,
): SandboxWorkloadTemplateSpec {
  const stored = clone(SandboxWorkloadTemplateSpecSchema, spec)
  delete stored.driverConfig
  if (envelope) stored.$unknown = [asUnknownField(envelopeField, encodeStruct(envelope))]
  return stored
}

interface KeptTemplate {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** The encoded spec in base64, envelope included. */
  readonly spec: string
}

/** How templates are kept in a file. */
export const workloadTemplateCodec: RecordCodec<WorkloadTemplate> = {
  toJson: ({ labels, annotations, spec }): KeptTemplate => ({
    labels,
    annotations,
    spec: messageToText(SandboxWorkloadTemplateSpecSchema, spec),
  }),
  fromJson: ({ labels, annotations, spec: text }: KeptTemplate) => {
    const bytes = Buffer.from(text, 'base64')
    const driverConfig = structAt(bytes, [envelopeField])
    const spec = fromBinary(SandboxWorkloadTemplateSpecSchema, bytes, { recursionLimit: 200 })
    return { labels, annotations, spec: withEnvelopeBytes(spec, driverConfig), driverConfig }
  },
}
