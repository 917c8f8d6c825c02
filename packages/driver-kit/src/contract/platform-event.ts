import { create } from '@bufbuild/protobuf'
import type { ConfigIssue } from '@openshell-ts/driver-config'
import { type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import type { ProgressStep } from '../driver/progress.js'
import { hideSecrets } from '../secrets/secret-scope.js'
import { toTimestamp } from './timestamp.js'

const MAXIMUM_MESSAGE_LENGTH = 1_024

/** What an event tells clients. */
export interface PlatformEvent {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly metadata: Readonly<Record<string, string>>
}

/** The watch message for an event of one sandbox. */
export function toPlatformEvent(
  sandboxId: string,
  source: string,
  { type, reason, message, metadata }: PlatformEvent,
): WatchSandboxesEvent {
  const now = new Date()
  const event = {
    timestampMs: BigInt(now.getTime()),
    eventTime: toTimestamp(now),
    source,
    type,
    reason,
    message: hideSecrets(message),
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, hideSecrets(value)])),
  }
  return create(WatchSandboxesEventSchema, { payload: { case: 'platformEvent', value: { sandboxId, event } } })
}

/** A step that runs now. */
export function stepStarted(step: ProgressStep, detail: string | undefined): PlatformEvent {
  return {
    type: 'Normal',
    reason: 'Progress',
    message: detail ?? step.replaceAll('_', ' '),
    metadata: {
      'openshell.progress.active_step': step,
      ...(detail === undefined ? {} : { 'openshell.progress.active_detail': detail }),
    },
  }
}

/** A step that is done. */
export function stepCompleted(step: ProgressStep, label: string | undefined): PlatformEvent {
  return {
    type: 'Normal',
    reason: 'Progress',
    message: label ?? `${step.replaceAll('_', ' ')}: done`,
    metadata: {
      'openshell.progress.complete_step': step,
      ...(label === undefined ? {} : { 'openshell.progress.complete_label': label }),
    },
  }
}

/** Something that the driver accepted and cannot honour. */
export function driverWarning(reason: string, message: string): PlatformEvent {
  // Hidden before it is cut, or a piece of a secret would be left at the end.
  const text = hideSecrets(message).slice(0, MAXIMUM_MESSAGE_LENGTH)
  return { type: 'Warning', reason: hideSecrets(reason), message: text, metadata: {} }
}

/** A warning about the block that does not refuse it; events are the only way in which it can reach its writer. */
export function configWarning({ code, message, path, fix }: ConfigIssue): PlatformEvent {
  const reason = code.endsWith('_DEPRECATED') ? 'DriverConfigDeprecated' : 'DriverConfigWarning'
  const text = fix === undefined || message.endsWith(fix) ? message : `${message} ${fix}`
  return { type: 'Warning', reason, message: text.slice(0, MAXIMUM_MESSAGE_LENGTH), metadata: { code, path } }
}
