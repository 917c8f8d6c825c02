import { type BlockLint, describeIssue, lintEnvelope } from '@openshell-ts/driver-config/envelope'
import type { SandboxTemplate } from '@openshell-ts/sdk'
import { localProcessConfig } from '../local-process/local-process-config.js'

/** Checks the blocks of a template. Only those whose driver has published its schema to this program can be checked. */
export function lintTemplate({ driverConfig = {} }: SandboxTemplate): readonly BlockLint[] {
  return lintEnvelope(driverConfig, { checkers: [localProcessConfig] }).blocks
}

/** The verdict on one block in words. */
export function describeVerdict({ verdict, declaredVersion, issues }: BlockLint): string {
  switch (verdict) {
    case 'accepted':
      return `accepted, written for schema_version ${declaredVersion}`
    case 'refused':
      return `refused. ${issues.map(describeIssue).join(' ')}`
    case 'unchecked':
      return 'not checked here: no schema at hand'
  }
}
