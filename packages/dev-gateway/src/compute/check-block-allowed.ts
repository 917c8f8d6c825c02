import type { Struct } from '@bufbuild/protobuf/wkt'
import { failedPrecondition } from '../errors/status-error.js'
import type { ComputeRules } from './compute-rules.js'

/** @throws StatusError FAILED_PRECONDITION for a block with fields that the operator does not let clients send. */
export function checkBlockAllowed(rules: ComputeRules, block: Struct | undefined): void {
  if (rules.allowDriverConfig || !block || Object.keys(block.fields).length === 0) return
  throw failedPrecondition('caller driver config is disabled; a gateway administrator must enable allow_driver_config')
}
