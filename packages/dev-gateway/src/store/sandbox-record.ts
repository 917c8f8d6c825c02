import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { SandboxSpecSchema, SandboxTemplateSchema } from '@openshell-ts/protocol/v0-0'
import type { SandboxRow } from '../records/sandbox-row.js'
import { withRawEnvelope } from '../wire/raw-envelope.js'
import { structAt } from '../wire/raw-struct.js'

/** A row as it is kept in a file. */
export type SandboxRecord = Omit<SandboxRow, 'spec' | 'driverConfig'> & {
  /** The encoded spec in base64, envelope included: JSON could not hold every value of it. */
  readonly spec: string
}

const envelopePath = [SandboxSpecSchema.field.template.number, SandboxTemplateSchema.field.driverConfig.number]

/** Turns a row into what is kept. */
export function writeSandboxRecord({ spec, driverConfig: _, ...row }: SandboxRow): SandboxRecord {
  return { ...row, spec: Buffer.from(toBinary(SandboxSpecSchema, spec)).toString('base64') }
}

/** Turns what was kept back into the row. Throws for anything that was not written by `writeSandboxRecord`. */
export function readSandboxRecord(json: unknown): SandboxRow {
  const record = json as SandboxRecord
  if (typeof record?.id !== 'string' || typeof record.status !== 'object' || typeof record.createdAtMs !== 'number') {
    throw new TypeError('This is no record of a sandbox.')
  }
  const bytes = Buffer.from(record.spec, 'base64')
  const driverConfig = structAt(bytes, envelopePath)
  // The envelope stays what it was when it came: bytes that no decoder has touched.
  const spec = fromBinary(SandboxSpecSchema, bytes, { recursionLimit: 200 })
  return { ...record, spec: withRawEnvelope(spec, driverConfig), driverConfig }
}
